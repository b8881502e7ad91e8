namespace LifeRaft.Protocol;

/// <summary>Bounds of one node. They do not have to agree between the members of a group.</summary>
public sealed record RaftSettings
{
    /// <summary>What a client session may add to a command, in bytes.</summary>
    public const int SessionBytes = 64;

    /// <summary>Largest command in bytes; 1 MiB by default. A larger one is refused and nothing is appended.</summary>
    public int MaximumCommandBytes { get; init; } = 1024 * 1024;

    /// <summary>An append carries entries up to this many bytes, and at least one; 1 MiB by default.</summary>
    public int MaximumBytesPerAppend { get; init; } = 1024 * 1024;

    /// <summary>Appends that may be unanswered per follower; 8 by default. While all are, new entries wait and make the next one larger.</summary>
    public int MaximumAppendsInFlight { get; init; } = 8;

    /// <summary>Entries that no majority has yet, in bytes, beyond which proposals are refused as overload; 64 MiB by default.</summary>
    public long MaximumUncommittedBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Entries kept in memory, in bytes, so that followers that keep up are served without reading the disk; 16 MiB by default.</summary>
    public long CachedBytes { get; init; } = 16L * 1024 * 1024;

    /// <summary>Entries that are applied in one turn, in bytes; 1 MiB by default.</summary>
    public long MaximumBytesPerApply { get; init; } = 1024 * 1024;

    /// <summary>Entries before a snapshot that stay in the log, for followers that are only a little behind; 5000 by default.</summary>
    public long EntriesKeptBehindSnapshot { get; init; } = 5000;

    /// <summary>A snapshot is sent in parts of this many bytes; 128 KiB by default.</summary>
    public int SnapshotPartBytes { get; init; } = 128 * 1024;

    /// <summary>Parts of a snapshot that may be unanswered per follower; 8 by default.</summary>
    public int MaximumSnapshotPartsInFlight { get; init; } = 8;

    /// <summary>A learner that is at most this many entries behind has caught up; 1000 by default.</summary>
    public long CaughtUpWithinEntries { get; init; } = 1000;

    /// <summary>
    /// The assumption on which leases rest: of any two members, the monotonic clock of one runs at most this share faster than that of
    /// the other, and neither stands still while its process runs; 0.1 by default. A lease is shorter than the election timeout by it.
    /// </summary>
    public double MaximumClockDrift { get; init; } = 0.1;

    /// <summary>
    /// Whether a node that has just started denies votes for ElectionMin: it may have heard a leader before, which holds a lease on the
    /// strength of it. True by default; only a group in which nobody ever reads by lease can do without.
    /// </summary>
    public bool GuardsLeaseAfterStart { get; init; } = true;

    /// <summary>
    /// How much this node would like to lead; 0 by default. A leader hands over to a voter of a higher priority that has caught up.
    /// </summary>
    public int LeaderPriority { get; init; }

    /// <summary>
    /// Whether the node may go quiet, when its group has had nothing to do for a heartbeat: no heartbeats, no timers. False by default, for
    /// only a host that watches the hosts of the others can have it; see <see cref="RaftNode.IsQuiet"/>.
    /// </summary>
    public bool GoesQuiet { get; init; }
}
