namespace LifeRaft.Protocol;

/// <summary>
/// What one node says to another. Messages may arrive late, twice, in any order or never; none of that is an error.
/// </summary>
public abstract record RaftMessage
{
    /// <summary>The founding that the sender belongs to. A node of another group refuses the message.</summary>
    public GroupId Group { get; init; }

    /// <summary>The membership of the sender.</summary>
    public MemberId From { get; init; }

    /// <summary>The membership of the receiver. Who is another member refuses the message.</summary>
    public MemberId To { get; init; }

    /// <summary>The sender's term when it sent the message.</summary>
    public Term Term { get; init; }

    /// <summary>
    /// Copied from a request into its response, so that a host can hand the response to whoever injected the request. Zero: the
    /// response is sent to <see cref="From"/>.
    /// </summary>
    public long Correlation { get; init; }
}

/// <summary>Asks for a vote (Raft paper, 5.2), or, as a pre-vote, whether it would be granted (Ongaro's thesis, 9.6).</summary>
public sealed record VoteRequest : RaftMessage
{
    /// <summary>Index of the candidate's last entry.</summary>
    public required LogIndex LastIndex { get; init; }

    /// <summary>Term of the candidate's last entry.</summary>
    public required Term LastTerm { get; init; }

    /// <summary>A question that changes nothing at the receiver. <see cref="RaftMessage.Term"/> is then the term before the election.</summary>
    public bool IsPreVote { get; init; }

    /// <summary>The election is wanted although there may be a live leader: a leadership transfer, or a user's Promote.</summary>
    public bool IsDeliberate { get; init; }
}

/// <summary>Answers a <see cref="VoteRequest"/>.</summary>
public sealed record VoteResponse : RaftMessage
{
    /// <summary>Whether the vote was, or in a pre-vote would be, granted.</summary>
    public required bool Granted { get; init; }

    /// <summary>Whether a pre-vote is answered.</summary>
    public bool IsPreVote { get; init; }

    /// <summary>
    /// Whether the voter heard a leader so recently that this leader may hold a lease, and voted because it was asked to all the same.
    /// </summary>
    public bool HearsLeader { get; init; }

    /// <summary>The term of the request, by which the candidate tells a stale answer from one to its present question.</summary>
    public required Term RequestTerm { get; init; }
}

/// <summary>Replicates entries (Raft paper, 5.3). Without entries it probes whether the logs agree at <see cref="PreviousIndex"/>.</summary>
public sealed record AppendRequest : RaftMessage
{
    /// <summary>Index of the entry before <see cref="Entries"/>.</summary>
    public required LogIndex PreviousIndex { get; init; }

    /// <summary>Term of that entry.</summary>
    public required Term PreviousTerm { get; init; }

    /// <summary>Consecutive entries that begin after <see cref="PreviousIndex"/>.</summary>
    public required IReadOnlyList<LogEntry> Entries { get; init; }

    /// <summary>The leader's commit index.</summary>
    public required LogIndex Commit { get; init; }

    /// <summary>Whether the leader asks about the end of the follower's log, and wants to hear of a gap at once.</summary>
    public bool IsProbe { get; init; }

    /// <summary>Index of the last entry that the message covers.</summary>
    public LogIndex LastIndex => PreviousIndex + Entries.Count;
}

/// <summary>Answers an <see cref="AppendRequest"/>.</summary>
public sealed record AppendResponse : RaftMessage
{
    /// <summary>Whether the logs disagreed at <see cref="RejectedIndex"/>.</summary>
    public bool IsConflict { get; init; }

    /// <summary>
    /// Without a conflict: up to here the follower's log equals the leader's and is durable. A fact that stays true for the term,
    /// so a late or repeated answer does no harm.
    /// </summary>
    public LogIndex Match { get; init; }

    /// <summary>In a conflict: the <see cref="AppendRequest.PreviousIndex"/> that did not match.</summary>
    public LogIndex RejectedIndex { get; init; }

    /// <summary>In a conflict: an index at or below which the logs may agree.</summary>
    public LogIndex HintIndex { get; init; }

    /// <summary>In a conflict: the follower's term at <see cref="HintIndex"/>.</summary>
    public Term HintTerm { get; init; }
}

/// <summary>Keeps followers from campaigning, tells them the commit index, and counts as a question for leadership.</summary>
public sealed record HeartbeatRequest : RaftMessage
{
    /// <summary>The leader's commit index.</summary>
    public required LogIndex Commit { get; init; }

    /// <summary>Rises with each round of heartbeats; an answer confirms leadership for this round and all before it (ReadIndex).</summary>
    public required long Round { get; init; }

    /// <summary>Whether the leader asks to be quiet: no heartbeat follows if all who are there agree.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>What the leader's user adds for the followers' users. The protocol carries it and never looks inside.</summary>
    public ReadOnlyMemory<byte> Attachment { get; init; }
}

/// <summary>Answers a <see cref="HeartbeatRequest"/>.</summary>
public sealed record HeartbeatResponse : RaftMessage
{
    /// <summary>The round that is answered; zero for none: a follower that was quiet and is so no more asks for a heartbeat.</summary>
    public required long Round { get; init; }

    /// <summary>Up to here the follower's log equals that of the leader of this term, durable or not. The leader finds losses by it.</summary>
    public required LogIndex Verified { get; init; }

    /// <summary>Up to here it is durable as well.</summary>
    public required LogIndex Match { get; init; }

    /// <summary>Whether the follower is quiet from now on: it waits for no heartbeat.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>How much the node's user would like it to lead; see <see cref="RaftSettings.LeaderPriority"/>.</summary>
    public int Priority { get; init; }
}

/// <summary>From a follower whose user reads: up to where must I have applied, so that what I hold may be answered (thesis, 6.4)?</summary>
public sealed record ReadIndexRequest : RaftMessage
{
    /// <summary>Names the question in its answer.</summary>
    public required long Id { get; init; }
}

/// <summary>Answers a <see cref="ReadIndexRequest"/>: after it had arrived, a majority confirmed that the sender leads.</summary>
public sealed record ReadIndexResponse : RaftMessage
{
    /// <summary>The question.</summary>
    public required long Id { get; init; }

    /// <summary>What must be applied first.</summary>
    public required LogIndex Index { get; init; }

    /// <summary>Whether the sender does not lead, or led no more before it was confirmed.</summary>
    public bool IsRefused { get; init; }
}

/// <summary>One part of a snapshot, for a follower that needs entries which its leader has compacted away (Raft paper, 7).</summary>
public sealed record SnapshotRequest : RaftMessage
{
    /// <summary>The snapshot.</summary>
    public required SnapshotHeader Header { get; init; }

    /// <summary>Where the part begins in the content, in bytes.</summary>
    public required long Offset { get; init; }

    /// <summary>The part.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Where the next part begins.</summary>
    public long End => Offset + Data.Length;
}

/// <summary>
/// Says how much of a snapshot the follower has. When it is installed an <see cref="AppendResponse"/> says so, like for entries.
/// </summary>
public sealed record SnapshotResponse : RaftMessage
{
    /// <summary>Which snapshot.</summary>
    public required LogPosition Position { get; init; }

    /// <summary>Which content.</summary>
    public required ulong Checksum { get; init; }

    /// <summary>So many bytes from the beginning are stored.</summary>
    public required long Offset { get; init; }

    /// <summary>Whether the follower misses what comes there: it lost what it had, or a part was lost on the way.</summary>
    public bool IsGap { get; init; }
}

/// <summary>Asks the receiver to campaign at once: leadership is handed over to it (Ongaro's thesis, 3.10).</summary>
public sealed record TimeoutNow : RaftMessage;

/// <summary>From a member that hears no leader and may not campaign: am I still a member?</summary>
public sealed record MembershipQuestion : RaftMessage;

/// <summary>Why a message was not accepted.</summary>
public enum RefusalReason : byte
{
    /// <summary>The receiver belongs to no group. It has lost its disk, or was never admitted.</summary>
    Blank = 1,

    /// <summary>The receiver belongs to another founding.</summary>
    WrongGroup = 2,

    /// <summary>The receiver is another member than the one addressed.</summary>
    WrongMember = 3,

    /// <summary>The sender was removed from the group by a committed configuration.</summary>
    Removed = 4,

    /// <summary>The group was deleted.</summary>
    Deleted = 5,
}

/// <summary>Says that a message was not accepted, and who says so. Never answered.</summary>
public sealed record Refusal : RaftMessage
{
    /// <summary>Why.</summary>
    public required RefusalReason Reason { get; init; }

    /// <summary>Who the refusing node really is.</summary>
    public required NodeIdentity Actual { get; init; }
}
