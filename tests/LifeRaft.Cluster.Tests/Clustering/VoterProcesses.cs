using System.Net;
using LifeRaft.Chaos;
using LifeRaft.Hosting;
using LifeRaft.TestSilo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;

namespace LifeRaft.Cluster.Tests;

/// <summary>Silos that are processes and share nothing: no database, no primary, no process of the test. The test is a client of theirs.</summary>
internal sealed class VoterProcesses : IAsyncDisposable
{
    public const string GroupName = "kv/processes";

    private readonly string _directory = Directory.CreateTempSubdirectory("liferaft-voters-").FullName;
    private readonly LifeRaftClusteringOptions _options = new();
    private readonly Dictionary<string, SiloArguments> _arguments = [];
    private readonly Dictionary<string, SiloProcess> _running = [];
    private readonly Dictionary<string, VoterConnection> _connections = [];
    private IHost? _client;

    private VoterProcesses(bool evicts)
    {
        var voters = string.Join(',', Silos.Select(silo => $"{silo}=127.0.0.1:{FreePort.Low()}"));
        TestMembership.AddVoters(_options, voters);
        var dialler = new VoterDialler(TestMembership.Cluster, "test", _options, TimeProvider.System);
        foreach (var silo in Silos)
        {
            _arguments[silo] = new SiloArguments(
                silo, FreePort.Low(), FreePort.Low(), new IPEndPoint(IPAddress.Loopback, 1), Path.Combine(_directory, silo), SiloLog.RocksDb, Clustering: voters, Evicts: evicts);
            _connections[silo] = new VoterConnection(dialler, silo, VoterEndPoint.Parse(_options.Voters[silo]), NullLogger<VoterConnection>.Instance);
            _connections[silo].Start();
        }

        Table = new MembershipTableClient(new VoterRoute([.. _connections.Values], TimeProvider.System));
    }

    public IReadOnlyList<string> Silos { get; } = ["silo-1", "silo-2", "silo-3"];

    /// <summary>The membership table, as the voters have it.</summary>
    public MembershipTableClient Table { get; }

    /// <summary>A group with a node on each silo, seen by the client.</summary>
    public RaftGroup Group => GroupOf(GroupName);

    /// <param name="evicts">Whether Orleans counts out silos that do not answer, as it does by default; else only a successor or a stop does.</param>
    /// <summary>A handle on whatever group, seen by the client.</summary>
    public RaftGroup GroupOf(string name) => _client!.Services.GetRequiredService<IClusterClient>().GetRaftGroup(name);

    public static async Task<VoterProcesses> Start(bool evicts = false)
    {
        var processes = new VoterProcesses(evicts);
        try
        {
            await processes.Start([.. processes.Silos]);
            await processes.Connect();
            var group = processes.Group;
            group.Timeout = Wait.Patience;
            await group.Create([.. processes.Silos.Select(silo => $"{silo["silo-".Length..]}@{silo}")]);
            return processes;
        }
        catch
        {
            await processes.DisposeAsync();
            throw;
        }
    }

    public SiloProcess Begin(string silo, string cluster = TestMembership.Cluster) =>
        _running[silo] = SiloProcess.Start(_arguments[silo] with { Cluster = cluster }, static _ => { });

    public Task Start(params string[] silos) => Task.WhenAll(silos.Select(silo => Begin(silo).Ready()).ToList());

    /// <summary>kill -9.</summary>
    public async Task Kill(string silo)
    {
        _running.Remove(silo, out var process);
        await process!.Kill();
        await process.DisposeAsync();
    }

    /// <summary>SIGTERM. Returns the exit code.</summary>
    public async Task<int> Terminate(string silo)
    {
        _running.Remove(silo, out var process);
        var exitCode = await process!.Terminate();
        await process.DisposeAsync();
        return exitCode;
    }

    /// <summary>The disk of a silo that does not run is lost.</summary>
    public void Wipe(string silo) => Directory.Delete(_arguments[silo].Data, recursive: true);

    /// <summary>What the voter of a silo says of itself; null when it does not answer.</summary>
    public async Task<VoterLook?> Look(string silo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            var reply = await _connections[silo].Ask(new VoterRequest(VoterOperation.Look), limit.Token);
            return reply.Status == ReplyStatus.Done ? VoterLook.Decode(reply.Body) : null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>The silo whose voter leads the group of the membership table.</summary>
    public async Task<string> Leader() => (await Wait.For(
        "the voters that run agree on a leader",
        async () => (await Task.WhenAll(_running.Keys.Select(Look))).ToList(),
        looks => looks.All(look => look is { IsVoter: true }) && looks.Select(look => look!.Leader).Distinct().Count() == 1 && _running.ContainsKey(looks[0]!.Leader),
        looks => string.Join("; ", looks)))[0]!.Leader;

    /// <summary>The newest row of a silo in the table.</summary>
    public async Task<MembershipRow> Row(string silo) =>
        (await Table.Read(Wait.Patience, TestContext.Current.CancellationToken)).Rows.Values.Where(row => row.SiloName == silo).MaxBy(row => row.StartTime)!;

    /// <summary>Waits until Orleans counts these silos as active, and nobody else.</summary>
    public Task AreActive(params string[] silos) => Wait.For(
        $"active are {string.Join(", ", silos)}",
        async () => (await Table.Read(Wait.Patience, TestContext.Current.CancellationToken)).Rows.Values.Where(row => row.Status == SiloStatus.Active).Select(row => row.SiloName!).Order().ToList(),
        active => active.SequenceEqual(silos.Order()),
        active => string.Join(", ", active));

    /// <summary>Writes through the group and reads it back; a silo that was just killed may still be asked at first.</summary>
    public async Task Serves(string key)
    {
        var group = Group;
        var store = new KeyValueStore(group);
        var value = new byte[] { 1, 2, 3 };
        var failures = new List<string>();
        try
        {
            await Wait.For(
                $"the group serves {key}",
                async () =>
                {
                    try
                    {
                        await store.Put(key, value).WaitAsync(TimeSpan.FromSeconds(10));
                        return (await store.Get(key).WaitAsync(TimeSpan.FromSeconds(10)))?.Value.ToArray() ?? [];
                    }
                    catch (Exception failure) when (failure is OrleansException or TimeoutException)
                    {
                        failures.Add($"{failure.GetType().Name}: {failure.Message}");
                        return [];
                    }
                },
                value.SequenceEqual);
        }
        catch (TimeoutException failure)
        {
            throw new TimeoutException(
                $"{failure.Message}. Failures: {string.Join(Environment.NewLine, failures)}{Environment.NewLine}Nodes: {await Nodes(group)}{Environment.NewLine}{Said()}", failure);
        }
    }

    private static async Task<string> Nodes(RaftGroup group)
    {
        try
        {
            return string.Join(Environment.NewLine, (await group.Status()).Select(node =>
                $"{node.Address} {node.State} of term {node.Term}, follows {node.Leader}, last {node.Last}, commit {node.Commit}, members {string.Join(", ", node.Members.Select(member => member.Address))}"));
        }
        catch (Exception failure) when (failure is RaftException or OrleansException or TimeoutException)
        {
            return failure.Message;
        }
    }

    public string Said() => string.Join(Environment.NewLine, _running.Values.Select(silo => silo.Said));

    /// <summary>A client finds the gateways by asking the voters.</summary>
    public async Task Connect()
    {
        await Disconnect();
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleansClient(client => client
            .UseLifeRaftClustering(options =>
            {
                foreach (var (silo, endPoint) in _options.Voters)
                {
                    options.Voters[silo] = endPoint;
                }
            })
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (TestMembership.Cluster, TestMembership.Cluster))
            .Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1)));
        _client = builder.Build();
        await _client.StartAsync();
    }

    public async Task Disconnect()
    {
        if (_client is { } client)
        {
            _client = null;
            await client.StopAsync();
            client.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Disconnect();
        await Task.WhenAll(_running.Values.Select(silo => silo.DisposeAsync().AsTask()));
        await Task.WhenAll(_connections.Values.Select(connection => connection.DisposeAsync().AsTask()));
        Directory.Delete(_directory, recursive: true);
    }
}
