namespace LifeRaft.Protocol;

/// <summary>
/// What the host owes the node, in this order:
/// <list type="number">
/// <item>Begin to write <see cref="Persist"/>, if there is one, and call <see cref="RaftNode.Persisted"/> when it is durable. The
/// node goes on meanwhile; the next write is handed out only after that call.</item>
/// <item>Send <see cref="Messages"/>. They may leave at once, while the write is under way: the node itself holds back whatever
/// must not be said before something is durable (a vote, an acknowledgement), and hands it out after the call.</item>
/// <item>Begin the <see cref="Reads"/> and call <see cref="RaftNode.EntriesRead"/> for each. Begin the <see cref="SnapshotReads"/>,
/// store the <see cref="SnapshotParts"/> in order, load <see cref="SnapshotToLoad"/> into a new state machine, and report each.</item>
/// <item>If there is a <see cref="Installed"/> snapshot, the state machine that was loaded from it takes the place of the old one.</item>
/// <item>Apply <see cref="Apply"/> in order, deliver each result to its caller, then call <see cref="RaftNode.Applied"/>.</item>
/// <item>Deliver <see cref="Answers"/> and publish <see cref="Events"/>.</item>
/// <item>When there is an <see cref="End"/>: stop, and delete the node's data unless the host itself failed.</item>
/// </list>
/// </summary>
public sealed class Ready
{
    /// <summary>What must become durable, atomically; null when nothing must or a write is under way.</summary>
    public PersistBatch? Persist { get; init; }

    /// <summary>What to send, each to its <see cref="RaftMessage.To"/>, or to whoever waits for its <see cref="RaftMessage.Correlation"/>.</summary>
    public required IReadOnlyList<RaftMessage> Messages { get; init; }

    /// <summary>Entries that are needed from the disk.</summary>
    public required IReadOnlyList<LogRead> Reads { get; init; }

    /// <summary>Parts of the own snapshot that are needed from the disk, to be sent; see <see cref="RaftNode.SnapshotPartRead"/>.</summary>
    public required IReadOnlyList<SnapshotRead> SnapshotReads { get; init; }

    /// <summary>Parts of a leader's snapshot to be stored, in order; see <see cref="RaftNode.SnapshotPartStored"/>.</summary>
    public required IReadOnlyList<SnapshotPart> SnapshotParts { get; init; }

    /// <summary>A snapshot that is complete, to be loaded into a new state machine; see <see cref="RaftNode.SnapshotLoaded"/>.</summary>
    public SnapshotHeader? SnapshotToLoad { get; init; }

    /// <summary>The snapshot that was loaded last and is durable now: what follows is applied to its state machine.</summary>
    public SnapshotHeader? Installed { get; init; }

    /// <summary>Committed and durable entries, in log order, each handed out once.</summary>
    public required IReadOnlyList<EntryToApply> Apply { get; init; }

    /// <summary>Outcomes of requests that are not answered by applying an entry.</summary>
    public required IReadOnlyList<Answer> Answers { get; init; }

    /// <summary>What happened, in order.</summary>
    public required IReadOnlyList<NodeEvent> Events { get; init; }

    /// <summary>Why the node is over, or null.</summary>
    public NodeEnd? End { get; init; }
}

/// <summary>What must become durable, atomically.</summary>
/// <param name="Number">Names the batch in <see cref="RaftNode.Persisted"/>.</param>
/// <param name="Identity">Who the node is from now on; null when unchanged.</param>
/// <param name="HardState">Term and vote; null when unchanged.</param>
/// <param name="Entries">Consecutive entries that replace everything from the index of the first one on.</param>
public sealed record PersistBatch(long Number, NodeIdentity? Identity, HardState? HardState, IReadOnlyList<LogEntry> Entries)
{
    /// <summary>A snapshot that is in force from now on, and how the log shrinks for it. It comes before the entries.</summary>
    public SnapshotWrite? Snapshot { get; init; }
}

/// <summary>A snapshot comes into force. The one before it is deleted once this is durable.</summary>
/// <param name="Header">The snapshot; its content is complete and durable.</param>
/// <param name="Base">Entries up to this one are deleted; it is at or before <see cref="SnapshotHeader.Position"/>.</param>
/// <param name="ReplacesLog">
/// Whether all entries are deleted, also those after <paramref name="Base"/>: the log differs from what the snapshot was made of. The
/// next entry is then the one after <paramref name="Base"/>.
/// </param>
public sealed record SnapshotWrite(SnapshotHeader Header, LogPosition Base, bool ReplacesLog);

/// <summary>A part of the own snapshot that is needed from the disk.</summary>
/// <param name="Header">The snapshot.</param>
/// <param name="Offset">Where the part begins, in bytes.</param>
/// <param name="MaximumBytes">How much to read; fewer only at the end of the content.</param>
/// <param name="For">The follower that needs it.</param>
/// <param name="Term">The node's term when it asked.</param>
public sealed record SnapshotRead(SnapshotHeader Header, long Offset, int MaximumBytes, MemberId For, Term Term);

/// <summary>A part of a leader's snapshot to be stored.</summary>
/// <param name="Header">The snapshot.</param>
/// <param name="Offset">Where the part begins, in bytes; zero begins anew.</param>
/// <param name="Data">The part.</param>
public sealed record SnapshotPart(SnapshotHeader Header, long Offset, ReadOnlyMemory<byte> Data)
{
    /// <summary>Whether the content is complete with it.</summary>
    public bool IsLast => Offset + Data.Length == Header.Bytes;
}

/// <summary>What a snapshot taken now would be of.</summary>
/// <param name="Position">The last entry that was applied.</param>
/// <param name="ConfigurationIndex">Where the configuration stands in the log.</param>
/// <param name="Configuration">The newest configuration up to there.</param>
public sealed record SnapshotPoint(LogPosition Position, LogIndex ConfigurationIndex, GroupConfiguration Configuration)
{
    /// <summary>The header of what was written for it.</summary>
    public SnapshotHeader With(long bytes, ulong checksum) => new(Position, ConfigurationIndex, Configuration, bytes, checksum);
}

/// <summary>Entries that are needed from the disk.</summary>
/// <param name="First">The first one.</param>
/// <param name="Last">The last one that is of use.</param>
/// <param name="MaximumBytes">How much to read; at least one entry.</param>
/// <param name="For">The follower that needs them, or null when they are to be applied.</param>
/// <param name="Term">The node's term when it asked.</param>
public sealed record LogRead(LogIndex First, LogIndex Last, long MaximumBytes, MemberId? For, Term Term);

/// <summary>A committed entry and, on the node that proposed it, the caller who waits for its result.</summary>
public readonly record struct EntryToApply(LogEntry Entry, object? Caller);

/// <summary>The outcome of a request.</summary>
/// <param name="Caller">What was given with the request.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Leader">The leader that the node knows of, where that helps.</param>
public sealed record Answer(object Caller, Outcome Outcome, Member? Leader);

/// <summary>What became of a request.</summary>
public enum Outcome
{
    /// <summary>It was done; for a read: the state machine may now be asked.</summary>
    Done,

    /// <summary>Leadership was lost before the entry committed: it may yet commit, or never. Nobody knows.</summary>
    Unknown,

    /// <summary>This node does not lead, and did nothing. Ask the leader.</summary>
    NotLeader,

    /// <summary>Leadership is being handed over; nothing was done. Try again shortly.</summary>
    LeadershipMoving,

    /// <summary>Too much is waiting for a majority; nothing was done. Try later.</summary>
    Overloaded,

    /// <summary>The command is larger than the limit; nothing was done.</summary>
    TooLarge,

    /// <summary>Another membership change is under way, or the leader is too new to begin one; nothing was done. Try again shortly.</summary>
    ChangeInProgress,

    /// <summary>No member has that id or address; nothing was done.</summary>
    UnknownMember,

    /// <summary>Another member has that address already; nothing was done. Remove it first.</summary>
    AddressTaken,

    /// <summary>A group cannot lose its last voter; nothing was done. Delete the group instead.</summary>
    LastVoter,

    /// <summary>The member is not a voter, so it can neither campaign nor be given leadership; nothing was done.</summary>
    NotAVoter,

    /// <summary>The target did not take over leadership in time; the old leader goes on.</summary>
    TimedOut,

    /// <summary>The node has ended; nothing was done.</summary>
    Stopped,

    /// <summary>Too many of those who would decide after the change do not answer now; nothing was done. Start them first.</summary>
    NoMajority,

    /// <summary>The leader's state machine does not know such a command; nothing was done. Upgrade the silo, or correct the client.</summary>
    UnknownCommand,

    /// <summary>The group has, or is about to have, as many voters as the caller wants at most; nothing was done.</summary>
    TooManyVoters,
}

/// <summary>Why a node is over.</summary>
public enum NodeEnd
{
    /// <summary>It was removed from its group.</summary>
    Removed,

    /// <summary>Its group was deleted.</summary>
    Dissolved,

    /// <summary>Its host cannot do what it owes: the disk failed, or an invariant broke. The data stays.</summary>
    Failed,
}
