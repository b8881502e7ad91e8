using LifeRaft.Protocol;

namespace LifeRaft;

/// <summary>Something that happened on a silo and that an operator may want to know of later. A silo remembers its last 4,096.</summary>
[GenerateSerializer]
[Immutable]
[Alias("liferaft.journal.entry")]
public sealed record JournalEntry
{
    /// <summary>Counts up from 1 with each start of the silo.</summary>
    [Id(0)]
    public long Number { get; init; }

    /// <summary>When, by the silo's own clock.</summary>
    [Id(1)]
    public DateTimeOffset At { get; init; }

    /// <summary>The silo's name.</summary>
    [Id(2)]
    public required string Silo { get; init; }

    /// <summary>What happened.</summary>
    [Id(3)]
    public JournalKind Kind { get; init; }

    /// <summary>The group that it happened in; empty for what concerns the silo.</summary>
    [Id(4)]
    public string Group { get; init; } = "";

    /// <summary>The address of the node that it happened to; empty for what concerns the silo.</summary>
    [Id(5)]
    public string Node { get; init; } = "";

    /// <summary>The node's term; zero for what concerns the silo.</summary>
    [Id(6)]
    public Term Term { get; init; }

    /// <summary>What happened and why, as a sentence.</summary>
    [Id(7)]
    public required string Text { get; init; }
}

/// <summary>The kinds of <see cref="JournalEntry"/>.</summary>
public enum JournalKind
{
    /// <summary>The silo is active.</summary>
    SiloStarted,

    /// <summary>The silo is being stopped.</summary>
    SiloStopping,

    /// <summary>The silo was asked to lead nothing, or to lead again.</summary>
    SiloDrained,

    /// <summary>A node was opened.</summary>
    NodeOpened,

    /// <summary>A node has ended: it was removed, or its group was deleted.</summary>
    NodeEnded,

    /// <summary>A node has failed and stands still.</summary>
    NodeFailed,

    /// <summary>A node hears no leader any more.</summary>
    LeaderSilent,

    /// <summary>A node asks for votes.</summary>
    ElectionStarted,

    /// <summary>A node leads.</summary>
    LeaderElected,

    /// <summary>A node leads no more.</summary>
    LeadershipEnded,

    /// <summary>A leader has not heard a member for an election timeout.</summary>
    MemberUnreachable,

    /// <summary>A leader hears such a member again.</summary>
    MemberReachable,

    /// <summary>A member was admitted.</summary>
    MemberJoined,

    /// <summary>A member was removed.</summary>
    MemberLeft,

    /// <summary>A node took a snapshot of its own state.</summary>
    SnapshotTaken,

    /// <summary>A node took over its leader's snapshot.</summary>
    SnapshotInstalled,

    /// <summary>Something failed that no caller was told of.</summary>
    Error,
}
