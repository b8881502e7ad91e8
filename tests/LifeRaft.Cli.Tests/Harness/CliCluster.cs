using LifeRaft.Chaos;
using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Cli.Tests;

/// <summary>Silos of this process on loopback, and the command line's options that lead to them.</summary>
internal sealed class CliCluster : IAsyncDisposable
{
    /// <summary>The id of cluster and service: the tool's own default.</summary>
    public const string Id = "liferaft";

    private readonly string _directory = Directory.CreateTempSubdirectory("liferaft-test-").FullName;
    private readonly ProcessMembershipTable _membership = new();
    private readonly Dictionary<string, CliSilo> _silos = [];
    private readonly Action<ISiloBuilder>? _configure;
    private readonly Action<RaftOptions>? _options;

    private CliCluster(Action<ISiloBuilder>? configure, Action<RaftOptions>? options) => (_configure, _options) = (configure, options);

    public IGrainFactory Grains => _silos.Values.First().Grains;

    /// <summary>The options that name its gateways.</summary>
    public IEnumerable<string> Gateways => _silos.Values.SelectMany(silo => new[] { "--gateway", $"127.0.0.1:{silo.GatewayPort}" });

    /// <param name="silos">How many; they are named silo-1 and so on.</param>
    /// <param name="configure">What else the silos have.</param>
    /// <param name="options">What else their options are.</param>
    public static async Task<CliCluster> Start(int silos, Action<ISiloBuilder>? configure = null, Action<RaftOptions>? options = null)
    {
        var cluster = new CliCluster(configure, options);
        for (var number = 1; number <= silos; number++)
        {
            await cluster.StartSilo(number);
        }

        return cluster;
    }

    public static string SiloName(int number) => $"silo-{number}";

    /// <summary>The node that <see cref="Create"/> puts on a silo.</summary>
    public static string Address(int number) => $"{number}@{SiloName(number)}";

    public string DataOf(int number) => Path.Combine(_directory, SiloName(number));

    public int GatewayPort(int number) => _silos[SiloName(number)].GatewayPort;

    public async Task StartSilo(int number) => _silos[SiloName(number)] = await CliSilo.Start(SiloName(number), DataOf(number), _membership, _configure, _options);

    public async Task Kill(int number)
    {
        _silos.Remove(SiloName(number), out var silo);
        await silo!.Kill();
    }

    /// <summary>Founds a group with a member on each silo, and waits for its leader.</summary>
    public async Task<RaftGroup> Create(string name)
    {
        var group = Grains.GetRaftGroup(name);
        await group.Create([.. _silos.Keys.Select((silo, index) => $"{silo.Split('-')[1]}@{silo}")]);
        await Leader(group);
        return group;
    }

    /// <summary>The leader, once all nodes that run agree on it.</summary>
    public static async Task<NodeStatus> Leader(RaftGroup group)
    {
        var nodes = await Wait.For(
            $"all nodes of {group.Name} agree on a leader",
            () => group.Status(TestContext.Current.CancellationToken),
            nodes => nodes.Select(node => (node.Leader, node.Term)).Distinct().Count() == 1 && nodes.Any(node => node.State == RaftState.Leader),
            NodeStatuses.Describe);
        return nodes.Single(node => node.State == RaftState.Leader);
    }

    /// <summary>Runs the tool against this cluster.</summary>
    public Task<ToolRun> Run(params string[] arguments) => ToolRun.Of([.. Before(arguments)]);

    /// <summary>Runs the tool against this cluster.</summary>
    public Task<ToolRun> RunWith(ToolSurroundings surroundings, params string[] arguments) => ToolRun.With(surroundings, [.. Before(arguments)]);

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos.Values)
        {
            await silo.Kill();
        }

        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>The gateways go behind the command's words and before its <c>--</c>.</summary>
    private IEnumerable<string> Before(string[] arguments)
    {
        var own = arguments.TakeWhile(argument => argument != "--").ToList();
        return [.. own, .. Gateways, .. arguments.Skip(own.Count)];
    }
}
