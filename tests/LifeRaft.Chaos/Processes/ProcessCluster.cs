using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using LifeRaft.Protocol;
using LifeRaft.TestSilo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Chaos;

/// <summary>
/// Silos that are processes, each with a node of one group or of several, and the primary: a silo of this process that has no member of a
/// group, suffers no fault, and is where the clients are.
/// </summary>
/// <remarks>
/// Orleans' membership is held by the primary, which is why nobody kills it; or by the silos themselves, and then the primary knows nothing
/// that they do not, and is a silo like others. That it knows less than the others is the point, for all that is at stake is in the others' logs.
/// </remarks>
internal sealed class ProcessCluster : IAsyncDisposable
{
    public const string GroupName = "kv/processes";

    private readonly ProcessClusterSettings _settings;
    private readonly IPEndPoint _primary = new(IPAddress.Loopback, FreePort());
    private readonly string _voters;
    private readonly Dictionary<string, SmallDisk> _disks = [];
    private readonly Dictionary<string, SiloArguments> _arguments = [];
    private readonly ConcurrentDictionary<string, SiloProcess> _running = [];
    private readonly Dictionary<string, Dictionary<string, IRaftNode>> _nodes = [];
    private IHost? _host;

    private ProcessCluster(ProcessClusterSettings settings)
    {
        _settings = settings;
        DataDirectory = Directory.CreateTempSubdirectory("liferaft-processes-").FullName;
        Silos = [.. Enumerable.Range(1, settings.Silos).Select(number => $"silo-{number}")];
        _voters = settings.KeepsTable ? string.Join(',', Silos.Select(silo => $"{silo}=127.0.0.1:{FreePort()}")) : "";
        foreach (var (index, silo) in Silos.Index())
        {
            var data = Path.Combine(DataDirectory, silo);
            if (index >= settings.Silos - settings.SmallDisks && SmallDisk.TryMount(data) is { } disk)
            {
                _disks[silo] = disk;
                data = Path.Combine(data, "log");
            }

            _arguments[silo] = new SiloArguments(silo, FreePort(), Gateway: 0, _primary, data, settings.Log, settings.SnapshotAfter, settings.Locks, _voters);
        }
    }

    public IReadOnlyList<string> Silos { get; }

    /// <summary>Where the silos' logs are.</summary>
    public string DataDirectory { get; }

    /// <summary>The groups.</summary>
    public IReadOnlyList<string> Groups => _settings.Groups;

    /// <summary>The node of the first group on each silo.</summary>
    public IReadOnlyDictionary<string, IRaftNode> Nodes => NodesOf(Groups[0]);

    /// <summary>The disks that can be made full, by silo.</summary>
    public IReadOnlyDictionary<string, SmallDisk> Disks => _disks;

    public IServiceProvider Primary => _host!.Services;

    public static async Task<ProcessCluster> Start(ProcessClusterSettings? settings = null)
    {
        var cluster = new ProcessCluster(settings ?? new ProcessClusterSettings());
        try
        {
            // A primary that does not hold the table waits for those who do.
            var primary = cluster.StartPrimary();
            await (cluster._voters.Length > 0 ? Task.CompletedTask : primary);
            await Task.WhenAll(primary, cluster.Start(cluster.Silos));
            foreach (var group in cluster.Groups)
            {
                await cluster.Form(group);
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public static string NodeOf(string silo) => $"{silo["silo-".Length..]}@{silo}";

    public static string SiloOf(string node) => node[(node.IndexOf('@', StringComparison.Ordinal) + 1)..];

    /// <summary>The group's node on each silo.</summary>
    public IReadOnlyDictionary<string, IRaftNode> NodesOf(string group) => _nodes[group];

    /// <summary>A handle of one's own on the first group: it knows of the leader only what it has found out itself.</summary>
    public RaftGroup Group() => Group(Groups[0]);

    /// <summary>The same, of that group.</summary>
    public RaftGroup Group(string name) => Primary.GetRequiredService<IGrainFactory>().GetRaftGroup(name);

    /// <summary>Starts the silos at once and waits until all of them are ready.</summary>
    public async Task Start(params IReadOnlyCollection<string> silos)
    {
        if (silos.Count > 1 && _voters.Length == 0)
        {
            await DeclareDead(silos);
        }

        await Task.WhenAll(silos.Select(silo => Begin(silo).Ready()).ToList());
    }

    /// <summary>Starts the process.</summary>
    public SiloProcess Begin(string silo) => _running[silo] = SiloProcess.Start(_arguments[silo], _settings.Heard);

    /// <summary>kill -9, all of them at once.</summary>
    public Task Kill(params IReadOnlyCollection<string> silos)
    {
        silos.ToList().ForEach(_settings.Killing);
        return Task.WhenAll(silos.Select(silo => End(silo, process => process.Kill())).ToList());
    }

    /// <summary>SIGTERM. Returns the exit code.</summary>
    public Task<int> Terminate(string silo) => End(silo, process => process.Terminate());

    /// <summary>SIGSTOP.</summary>
    public void Pause(string silo) => _running[silo].Pause();

    /// <summary>SIGCONT.</summary>
    public void Resume(string silo) => _running[silo].Resume();

    /// <summary>Tells the silo to suffer a fault, or to be well again; see the silo's <c>Orders</c>.</summary>
    public Task Order(string silo, string order) => _running[silo].Order(order);

    /// <summary>Where other silos dial it.</summary>
    public IPEndPoint EndPointOf(string silo) => new(IPAddress.Loopback, _arguments[silo].Port);

    /// <summary>The node that leads the first group, or thinks so in the highest term.</summary>
    public Task<NodeStatus> Leader() => Leader(Groups[0]);

    /// <summary>The same, of that group.</summary>
    public async Task<NodeStatus> Leader(string group)
    {
        var nodes = await Polling.For("a node leads", () => Look(group), nodes => nodes.Any(node => node.State == RaftState.Leader), NodeStatuses.Describe);
        return nodes.Where(node => node.State == RaftState.Leader).MaxBy(node => node.Term.Value)!;
    }

    /// <summary>A look at each node of the first group that answers.</summary>
    public Task<IReadOnlyList<NodeStatus>> Look() => Look(Groups[0]);

    private async Task<IReadOnlyList<NodeStatus>> Look(string group) =>
        [.. (await Task.WhenAll(_nodes[group].Values.Select(Look))).OfType<NodeStatus>().OrderBy(node => node.Address, StringComparer.Ordinal)];

    /// <summary>The nodes, and what the silos that run said last, for the message of a failure.</summary>
    public async Task<string> Describe() =>
        $"Seen: {(await Look()).Describe()}. {string.Join(Environment.NewLine, _running.Values.Select(silo => silo.Said))}";

    public async ValueTask DisposeAsync()
    {
        // The primary goes first: it would take the killed for living, and wait for them.
        await Task.WhenAll(_running.Values.Select(silo => silo.DisposeAsync().AsTask()));
        if (_host is { } host)
        {
            try
            {
                await host.StopAsync(new CancellationToken(canceled: true));
            }
            catch (OperationCanceledException)
            {
                // A silo without time to stop complains of that.
            }

            host.Dispose();
        }

        if (_settings.Keep)
        {
            return;
        }

        foreach (var disk in _disks.Values)
        {
            disk.Dispose();
        }

        Directory.Delete(DataDirectory, recursive: true);
    }

    /// <summary>
    /// A silo declares its predecessor dead when it starts. When several do so at once, they meet in Orleans' table, one of them gives up
    /// for the time being, and another one waits half a minute for the dead one's answer. This is not what these tests are about.
    /// </summary>
    private async Task DeclareDead(IReadOnlyCollection<string> silos)
    {
        var membership = Primary.GetRequiredService<IClusterMembershipService>();
        foreach (var member in membership.CurrentSnapshot.Members.Values.Where(member => member.Status != SiloStatus.Dead && silos.Contains(member.Name)))
        {
            await membership.TryKill(member.SiloAddress);
        }
    }

    private static async Task<NodeStatus?> Look(IRaftNode node)
    {
        try
        {
            return await node.Status().WaitAsync(TimeSpan.FromSeconds(5));
        }
        catch (Exception failure) when (failure is RaftException or OrleansException or TimeoutException)
        {
            return null;
        }
    }

    private async Task<int> End(string silo, Func<SiloProcess, Task<int>> end)
    {
        var process = _running[silo];
        var exitCode = await end(process);
        _running.Remove(silo, out _);
        await process.DisposeAsync();
        return exitCode;
    }

    private async Task StartPrimary()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleans(silo => (_voters.Length == 0
                ? silo.UseTestMembership("primary", _primary.Port, gateway: 0, _primary)
                : silo.UseVoters("primary", _primary.Port, gateway: 0, _voters, TestMembership.Cluster, evicts: false))
            .AddLifeRaft(raft => raft.AddStateMachine<KeyValueMachine>("kv").AddStateMachine<LockMachine>("locks").UseInMemoryLog()));
        _host = builder.Build();
        await _host.StartAsync();
    }

    private async Task Form(string name)
    {
        var group = Group(name);
        group.Timeout = Polling.Patience;
        await group.Create([.. Silos.Select(NodeOf)], _settings.Timings);
        _nodes[name] = [];
        foreach (var silo in Silos)
        {
            _nodes[name][silo] = await group.Node(NodeOf(silo));
        }
    }

    /// <summary>A port that nobody is given while the silo is down: below those that outgoing connections get.</summary>
    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; the next one.
            }
        }
    }
}
