using System.Diagnostics;
using LifeRaft.Protocol;

namespace LifeRaft.Cli;

/// <summary>The three silos of the demo, and which of them run.</summary>
internal sealed class DemoCluster(DemoSettings settings, DemoData data, Poll poll, CancellationToken cancellationToken) : IAsyncDisposable
{
    public const string GroupName = "kv/demo";

    public const int Size = 3;

    private readonly ProcessMembershipTable _membership = new();
    private readonly Dictionary<string, GrainId> _nodes = [];
    private readonly List<DemoSilo> _killed = [];

    // Replaced as a whole: clients read it while silos come and go.
    private volatile DemoSilo[] _running = [];

    public IReadOnlyList<DemoSilo> Running => _running;

    public static string NodeOf(string silo) => $"{silo["silo-".Length..]}@{silo}";

    public static string SiloOf(string node) => node[(node.IndexOf('@', StringComparison.Ordinal) + 1)..];

    public async Task Start()
    {
        for (var number = 1; number <= Size; number++)
        {
            await Start($"silo-{number}");
        }
    }

    public async Task<DemoSilo> Start(string name)
    {
        var silo = await DemoSilo.Start(name, data.Of(name), _membership, settings.AddMachine, cancellationToken);
        _running = [.. _running.Append(silo).OrderBy(running => running.Name, StringComparer.Ordinal)];
        return silo;
    }

    /// <summary>Node 1 asks the others to join it, which founds the group. Returns how long it took until there was a leader.</summary>
    public async Task<TimeSpan> Form()
    {
        var first = _running[0];
        var founder = await first.Group.Node(NodeOf(first.Name));
        var begun = Stopwatch.GetTimestamp();
        var elected = Elected();
        foreach (var silo in _running[1..])
        {
            await founder.Join(NodeOf(silo.Name)).WaitAsync(cancellationToken);
        }

        foreach (var member in await first.Group.Members(cancellationToken))
        {
            _nodes[member.Address] = member.Grain;
        }

        return await elected;

        async Task<TimeSpan> Elected()
        {
            await poll.Until(founder.Status, node => node.Leader.Length > 0);
            return Stopwatch.GetElapsedTime(begun);
        }
    }

    /// <summary>Kills the silo. Before the call returns its node is silent; the task is the rest.</summary>
    public Task Kill(DemoSilo silo)
    {
        var killing = silo.Kill();
        _running = [.. _running.Where(running => running != silo)];
        _killed.Add(silo);
        return killing;
    }

    /// <summary>The silo at which that client writes now.</summary>
    public DemoSilo SiloFor(int client)
    {
        var running = _running;
        return running[client % running.Length];
    }

    /// <summary>A look at the node of each silo that runs, by the silo itself: nobody else needs to be alive for it.</summary>
    public async Task<IReadOnlyList<NodeStatus>> Look() => await Task.WhenAll(_running.Select(silo => NodeAt(silo).Status()));

    public async Task<NodeStatus> Leader() =>
        (await Look()).Where(node => node.State == RaftState.Leader).MaxBy(node => node.Term.Value)
        ?? throw new GroupUnavailableException("No node that can be asked leads now.");

    public IRaftNode NodeAt(DemoSilo silo) => silo.Grains.GetGrain<IRaftNode>(_nodes[NodeOf(silo.Name)]);

    public async ValueTask DisposeAsync()
    {
        var silos = _running;
        _running = [];

        // One after the other: silos that go down at once spend seconds on telling each other.
        foreach (var silo in silos.Concat(_killed))
        {
            await silo.DisposeAsync();
        }
    }
}
