using LifeRaft.Chaos;
using LifeRaft.Hosting;
using LifeRaft.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace LifeRaft.Cluster.Tests;

/// <summary>Silos of one process, each with a log on disk of its own that survives its restarts.</summary>
internal sealed class RaftCluster : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("liferaft-test-").FullName;
    private readonly Dictionary<int, InProcessSiloHandle> _silos = [];
    private readonly List<InProcessSiloHandle> _killed = [];
    private InProcessTestCluster _cluster = null!;

    private RaftCluster()
    {
    }

    /// <summary>The external client.</summary>
    public IGrainFactory Client => _cluster.Client;

    public IEnumerable<int> Running => _silos.Keys.Order();

    public static async Task<RaftCluster> Start(int silos, Action<LifeRaftBuilder>? configure = null, Action<RaftOptions>? options = null, Action<string, RaftOptions>? optionsOf = null, Action<string, LifeRaftBuilder>? configureOf = null, Action<ISiloBuilder>? services = null)
    {
        var result = new RaftCluster();
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureHost(host => host.Logging.SetMinimumLevel(LogLevel.None));
        builder.ConfigureSilo((siloOptions, silo) =>
        {
            var directory = Path.Combine(result._directory, siloOptions.SiloName);
            silo.AddLifeRaft(raft => raft.AddStateMachine<KeyValueMachine>("kv").UseRocksDbLog(directory), options);
            silo.AddLifeRaft(configure, own => optionsOf?.Invoke(siloOptions.SiloName, own));
            silo.AddLifeRaft(raft => configureOf?.Invoke(siloOptions.SiloName, raft));
            services?.Invoke(silo);
        });
        result._cluster = builder.Build();
        await result._cluster.DeployAsync();
        foreach (var silo in result._cluster.Silos)
        {
            result._silos[silo.InstanceNumber] = silo;
        }

        return result;
    }

    public static string Silo(int silo) => $"Silo_{silo}";

    /// <summary>The address of the node that tests put on a silo.</summary>
    public static string Address(int silo) => $"{silo + 1}@{Silo(silo)}";

    public RaftGroup Group(string name) => Client.GetRaftGroup(name);

    public IServiceProvider Services(int silo) => _silos[silo].ServiceProvider;

    public IGrainFactory From(int silo) => Services(silo).GetRequiredService<IGrainFactory>();

    public async Task<RaftGroup> Create(string name, params int[] silos)
    {
        var group = Group(name);
        await group.Create([.. (silos.Length == 0 ? Running : silos).Select(Address)]);
        return group;
    }

    /// <summary>The leader, once all nodes that run agree on it.</summary>
    public async Task<NodeStatus> Leader(RaftGroup group)
    {
        var nodes = await Wait.For(
            $"all nodes of {group.Name} agree on a leader",
            () => Status(group),
            nodes => nodes.Count > 0 && nodes.Select(node => (node.Leader, node.Term)).Distinct().Count() == 1 && nodes.Any(node => node.State == RaftState.Leader),
            Describe);
        return nodes.Single(node => node.State == RaftState.Leader);
    }

    /// <summary>Once all nodes that run have applied the same.</summary>
    public async Task<IReadOnlyList<NodeStatus>> AllApplied(RaftGroup group, int nodes) => await Wait.For(
        $"{nodes} nodes of {group.Name} have applied everything",
        () => Status(group),
        seen => seen.Count == nodes && seen.All(node => node.Applied == node.Last) && seen.Select(node => node.Applied).Distinct().Count() == 1,
        Describe);

    /// <summary>Asks a silo that runs, so that a client's dead gateway does not matter.</summary>
    public async Task<IReadOnlyList<NodeStatus>> Status(RaftGroup group) =>
        await From(Running.First()).GetRaftGroup(group.Name.ToString()).Status();

    public async Task<IRaftNode> Node(RaftGroup group, int silo) =>
        await From(_silos.ContainsKey(silo) ? silo : Running.First()).GetRaftGroup(group.Name.ToString()).Node(Address(silo));

    public static int SiloOf(string address) => int.Parse(address.Split('_')[^1]);

    /// <summary>As near to kill -9 as one process allows: the nodes fall silent and the log is cut off before the host goes down.</summary>
    public async Task Kill(int silo)
    {
        var handle = _silos[silo];
        _silos.Remove(silo);
        _killed.Add(handle);
        await handle.ServiceProvider.GetRequiredService<SiloRaft>().Halt();
        await _cluster.KillSiloAsync(handle);
    }

    public async Task Stop(int silo)
    {
        var handle = _silos[silo];
        _silos.Remove(silo);
        _killed.Add(handle);
        await _cluster.StopSiloAsync(handle);
    }

    public async Task Restart(int silo) => _silos[silo] = await _cluster.StartSiloAsync(silo, _cluster.Options);

    /// <summary>Where the silo's log lies.</summary>
    public string DataOf(int silo) => Path.Combine(_directory, Silo(silo));

    /// <summary>The silo's disk is lost.</summary>
    public void Wipe(int silo) => Directory.Delete(DataOf(silo), recursive: true);

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in Running.ToList())
        {
            await Kill(silo); // Nobody is left to whom leadership could be handed over.
        }

        await _cluster.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    public static string Describe(IReadOnlyList<NodeStatus> nodes) => NodeStatuses.Describe(nodes);
}

/// <summary>Three silos that a class of tests shares; each test has a group of its own, and none kills a silo.</summary>
public sealed class ThreeSilos : IAsyncLifetime
{
    internal RaftCluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Cluster = await RaftCluster.Start(
        3,
        raft => raft.AddStateMachine<KeyValueMachine, TalkativeNodeGrain>("talk").AddStateMachine<FragileMachine>("fragile"),
        options => options.AllowDestructiveCallsFromClients = true);

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
