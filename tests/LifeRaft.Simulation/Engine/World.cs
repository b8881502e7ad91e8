using System.Globalization;
using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>Everything that exists in one run.</summary>
internal sealed class World
{
    public const int MostClients = 10;

    public World(RunPlan plan, TextWriter? text)
    {
        Bug = plan.Bug;
        Chance = new Chance(plan.Seed);
        Schedule = new Schedule(plan, Queue);
        Settings = RunSettings.Draw(Chance).With(plan);
        Trace = new Trace(Queue, text);
        Network = new Network(this, Settings.Hosts + Settings.Clients);
        Judges = new Judges(this);
        Hosts = [.. Enumerable.Range(0, Settings.Hosts).Select(place => new Host(this, place))];
        Clients = [.. Enumerable.Range(0, Settings.Clients).Select(number => new ClientProcess(this, Settings.Hosts + number, number))];
    }

    public PlantedBug Bug { get; }

    public EventQueue Queue { get; } = new();

    public Chance Chance { get; }

    public Schedule Schedule { get; }

    public RunSettings Settings { get; }

    public Trace Trace { get; }

    public Counts Counts { get; } = new();

    public Network Network { get; }

    public Judges Judges { get; }

    public IReadOnlyList<Host> Hosts { get; }

    public IReadOnlyList<ClientProcess> Clients { get; }

    public List<HistoryEvent> History { get; } = [];

    /// <summary>Is told who has become leader.</summary>
    public Action<Host> Elected { get; set; } = static _ => { };

    /// <summary>Until then clients begin nothing, so that the group has nothing to do.</summary>
    public TimeSpan RestsUntil { get; set; }

    /// <summary>How many activations there have been.</summary>
    public int Activations { get; set; }

    /// <summary>How many operations there have been; their number is their identity.</summary>
    public long Commands { get; set; }

    /// <summary>Memberships whose disk is gone: as good as dead, whatever runs there.</summary>
    public HashSet<MemberId> LostMembers { get; } = [];

    /// <summary>By endpoint: the memberships that its node was admitted under, in order.</summary>
    public Dictionary<string, List<MemberId>> FormerMembers { get; } = [];

    /// <summary>The hosts of those who belong to the group, in the view of its leader.</summary>
    public IEnumerable<Host> Members() =>
        Leader is { } leader ? leader.Node.Configuration.Everyone.Select(member => HostOf(member.Endpoint)) : [];

    public Host HostOf(string endpoint) => Hosts[int.Parse(endpoint.AsSpan(1), CultureInfo.InvariantCulture) - 1];

    /// <summary>A host whose node believes that it leads, while another one leads a newer term; null when there is none.</summary>
    public Host? Deposed => Leader is { } leader
        ? Hosts.FirstOrDefault(host => host != leader.Host && host.Active is { Pump.IsOver: false, Node.State: RaftState.Leader })
        : null;

    /// <summary>The activation that leads the newest term, for whoever steers the run; it may be deposed already.</summary>
    public Activation? Leader => Hosts
        .Select(host => host.Active)
        .Where(active => active is { Pump.IsOver: false } && active.Node.State == RaftState.Leader)
        .MaxBy(active => active!.Node.Term);
}
