using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using LifeRaft.Protocol;
using LifeRaft.TestSilo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Cluster.Tests;

/// <summary>
/// Three silos that are processes, each with a node of one group, and the primary that holds Orleans' membership: a silo of this process
/// that has no member of the group, is never killed, and is where the clients are.
/// </summary>
/// <remarks>
/// Localhost clustering cannot lose its primary, and every other membership of Orleans needs a service. So the primary is the one silo
/// that the tests do not kill; that it knows less than the others is the point, for all that is at stake is in the killed ones' logs.
/// </remarks>
internal sealed class ProcessCluster : IAsyncDisposable
{
    public const string GroupName = "kv/kill";

    private readonly string _directory = Directory.CreateTempSubdirectory("liferaft-processes-").FullName;
    private readonly IPEndPoint _primary = new(IPAddress.Loopback, FreePort());
    private readonly Dictionary<string, SiloArguments> _arguments;
    private readonly ConcurrentDictionary<string, SiloProcess> _running = [];
    private readonly Dictionary<string, IRaftNode> _nodes = [];
    private IHost? _host;

    private ProcessCluster(SiloLog log) => _arguments = Silos.ToDictionary(
        silo => silo, silo => new SiloArguments(silo, FreePort(), Gateway: 0, _primary, Path.Combine(_directory, silo), log));

    public static IReadOnlyList<string> Silos { get; } = ["silo-1", "silo-2", "silo-3"];

    /// <summary>The node on each silo.</summary>
    public IReadOnlyDictionary<string, IRaftNode> Nodes => _nodes;

    public IServiceProvider Primary => _host!.Services;

    public static async Task<ProcessCluster> Start(SiloLog log = SiloLog.RocksDb)
    {
        var cluster = new ProcessCluster(log);
        try
        {
            await cluster.StartPrimary();
            await cluster.Start(Silos);
            await cluster.Form();
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

    /// <summary>A handle of one's own: it knows of the leader only what it has found out itself.</summary>
    public RaftGroup Group() => Primary.GetRequiredService<IGrainFactory>().GetRaftGroup(GroupName);

    /// <summary>Starts the silos at once and waits until all of them are ready.</summary>
    public async Task Start(params IReadOnlyCollection<string> silos)
    {
        if (silos.Count > 1)
        {
            await DeclareDead(silos);
        }

        await Task.WhenAll(silos.Select(silo => Begin(silo).Ready()).ToList());
    }

    /// <summary>Starts the process.</summary>
    public SiloProcess Begin(string silo) => _running[silo] = SiloProcess.Start(_arguments[silo]);

    /// <summary>kill -9, all of them at once.</summary>
    public Task Kill(params IReadOnlyCollection<string> silos) => Task.WhenAll(silos.Select(silo => End(silo, process => process.Kill())).ToList());

    /// <summary>SIGTERM. Returns the exit code.</summary>
    public Task<int> Terminate(string silo) => End(silo, process => process.Terminate());

    /// <summary>The node that leads, or thinks so in the highest term.</summary>
    public async Task<NodeStatus> Leader()
    {
        var nodes = await Wait.For("a node leads", Look, nodes => nodes.Any(node => node.State == RaftState.Leader), RaftCluster.Describe);
        return nodes.Where(node => node.State == RaftState.Leader).MaxBy(node => node.Term.Value)!;
    }

    /// <summary>A look at each node that answers.</summary>
    public async Task<IReadOnlyList<NodeStatus>> Look() =>
        [.. (await Task.WhenAll(_nodes.Values.Select(Look))).OfType<NodeStatus>().OrderBy(node => node.Address, StringComparer.Ordinal)];

    /// <summary>The nodes, and what the silos that run said last, for the message of a failure.</summary>
    public async Task<string> Describe() =>
        $"Seen: {RaftCluster.Describe(await Look())}. {string.Join(Environment.NewLine, _running.Values.Select(silo => silo.Said))}";

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

        Directory.Delete(_directory, recursive: true);
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
        builder.UseOrleans(silo => silo
            .UseTestMembership("primary", _primary.Port, gateway: 0, _primary)
            .AddLifeRaft(raft => raft.AddStateMachine<KeyValueMachine>("kv").UseInMemoryLog()));
        _host = builder.Build();
        await _host.StartAsync();
    }

    private async Task Form()
    {
        var group = Group();
        group.Timeout = Wait.Patience;
        await group.Create([.. Silos.Select(NodeOf)]);
        foreach (var silo in Silos)
        {
            _nodes[silo] = await group.Node(NodeOf(silo));
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
