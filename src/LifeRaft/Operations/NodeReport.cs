using LifeRaft.Protocol;

namespace LifeRaft;

/// <summary>What one node says of itself to an operator.</summary>
[GenerateSerializer]
[Immutable]
[Alias("liferaft.report.node")]
public sealed record NodeReport
{
    /// <summary>The group's name, <c>{machine}/{name}</c>.</summary>
    [Id(0)]
    public required string Group { get; init; }

    /// <summary>The node's address, <c>{name}@{silo}</c>.</summary>
    [Id(1)]
    public required string Address { get; init; }

    /// <summary>The founding that it belongs to; none for a node that belongs to no group.</summary>
    [Id(2)]
    public GroupId GroupId { get; init; }

    /// <summary>Its membership.</summary>
    [Id(3)]
    public MemberId Member { get; init; }

    /// <summary>Its state.</summary>
    [Id(4)]
    public RaftState State { get; init; }

    /// <summary>Its term.</summary>
    [Id(5)]
    public Term Term { get; init; }

    /// <summary>The address of the leader that it knows of; empty for none.</summary>
    [Id(6)]
    public string Leader { get; init; } = "";

    /// <summary>Since when it has known that leader; null when it knows none.</summary>
    [Id(7)]
    public DateTimeOffset? LeaderSince { get; init; }

    /// <summary>Its last entry.</summary>
    [Id(8)]
    public LogIndex Last { get; init; }

    /// <summary>The last entry that it knows to be committed.</summary>
    [Id(9)]
    public LogIndex Commit { get; init; }

    /// <summary>The last entry that its state machine has applied.</summary>
    [Id(10)]
    public LogIndex Applied { get; init; }

    /// <summary>The last entry that its newest snapshot covers; zero for none.</summary>
    [Id(11)]
    public LogIndex Snapshot { get; init; }

    /// <summary>Entries up to this one were compacted away.</summary>
    [Id(12)]
    public LogIndex LogBase { get; init; }

    /// <summary>How long ago it heard its leader, or that one's silo; null when it has heard none since it started, and on a leader.</summary>
    [Id(13)]
    public TimeSpan? LastContact { get; init; }

    /// <summary>In what time it campaigns if it hears no leader before; null for one that does not. It is at most <see cref="ElectionTimeout"/>.</summary>
    [Id(14)]
    public TimeSpan? ElectionDue { get; init; }

    /// <summary>The election timeout that it drew last.</summary>
    [Id(15)]
    public TimeSpan ElectionTimeout { get; init; }

    /// <summary>
    /// Who belongs to the group, as far as it knows. Only said by a leader and by a node that knows none, and by all when one group is looked at.
    /// </summary>
    [Id(16)]
    public IReadOnlyList<MemberStatus> Members { get; init; } = [];

    /// <summary>On a leader: what it knows of each other member.</summary>
    [Id(17)]
    public IReadOnlyList<PeerReport> Peers { get; init; } = [];

    /// <summary>What is wrong with the node, by what it knows itself; null for nothing.</summary>
    [Id(18)]
    public string? Problem { get; init; }

    /// <summary>Whether it cannot serve its group.</summary>
    [Id(19)]
    public bool IsUnfit { get; init; }

    /// <summary>Elections that it began in the last hour, as far as its silo's journal reaches.</summary>
    [Id(20)]
    public int ElectionsInLastHour { get; init; }

    /// <summary>On a leader: from the arrival of a command until it was applied, half of the recent commands; null without any.</summary>
    [Id(21)]
    public TimeSpan? CommitP50 { get; init; }

    /// <summary>On a leader: the same, 99 of 100 of the recent commands.</summary>
    [Id(22)]
    public TimeSpan? CommitP99 { get; init; }

    /// <summary>Requests and messages that have arrived and are not handled yet.</summary>
    [Id(23)]
    public int Pending { get; init; }

    /// <summary>Where the newest terms begin in its log, ordered. Only said when one group is looked at.</summary>
    [Id(24)]
    public IReadOnlyList<TermRun> Terms { get; init; } = [];

    /// <summary>Whether its vote counts, as far as it knows.</summary>
    [Id(25)]
    public bool IsVoter { get; init; }

    /// <summary>Whether its group has nothing to do, so that it sends and awaits no heartbeats: its silo watches those of the others instead.</summary>
    [Id(26)]
    public bool IsQuiet { get; init; }
}

/// <summary>Where a run of entries of one term begins in a log.</summary>
/// <param name="Term">The term.</param>
/// <param name="First">Its first entry; the first run begins with the last entry that was compacted away.</param>
[GenerateSerializer]
[Immutable]
[Alias("liferaft.report.term")]
public readonly record struct TermRun([property: Id(0)] Term Term, [property: Id(1)] LogIndex First);

/// <summary>What a leader knows of one other member.</summary>
[GenerateSerializer]
[Immutable]
[Alias("liferaft.report.peer")]
public sealed record PeerReport
{
    /// <summary>The member's address.</summary>
    [Id(0)]
    public required string Address { get; init; }

    /// <summary>The last entry that is known to be durable there.</summary>
    [Id(1)]
    public LogIndex Match { get; init; }

    /// <summary>Entries of the leader that are not known to be durable there.</summary>
    [Id(2)]
    public long Lag { get; init; }

    /// <summary>Whether it answered within an election timeout.</summary>
    [Id(3)]
    public bool IsReachable { get; init; }

    /// <summary>How long ago it answered, or its silo was heard for it.</summary>
    [Id(4)]
    public TimeSpan LastContact { get; init; }

    /// <summary>The latest round trip of a message to it; null before there was one.</summary>
    [Id(5)]
    public TimeSpan? RoundTrip { get; init; }

    /// <summary>99 of 100 of the recent round trips took no longer.</summary>
    [Id(6)]
    public TimeSpan? RoundTripP99 { get; init; }

    /// <summary>Why it last refused a message, if it did since it last accepted one.</summary>
    [Id(7)]
    public string? Refusal { get; init; }

    /// <summary>How much of a snapshot it has, as a share of 1, while it is sent one; null otherwise.</summary>
    [Id(8)]
    public double? Snapshot { get; init; }
}
