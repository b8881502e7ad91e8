namespace LifeRaft.Protocol;

/// <summary>The states of liferaft, with its numbers.</summary>
public enum RaftState
{
    /// <summary>The node has ended, or its disk failed.</summary>
    Stopped = 0,

    /// <summary>It leads its term.</summary>
    Leader = 1,

    /// <summary>It asks for votes. Asking for pre-votes is not visible here: it changes nothing anywhere.</summary>
    Candidate = 2,

    /// <summary>It follows a leader, or waits for one.</summary>
    Follower = 3,

    /// <summary>A member that is not a voter yet, or a node that belongs to no group.</summary>
    Child = 4,
}

/// <summary>A look at a node, taken between two steps.</summary>
/// <param name="Identity">Who it is.</param>
/// <param name="State">Its state.</param>
/// <param name="Term">Its term.</param>
/// <param name="VotedFor">Whom it voted for in that term.</param>
/// <param name="Leader">The leader it knows of in that term, or <see cref="MemberId.None"/>.</param>
/// <param name="Last">Its last entry.</param>
/// <param name="LastTerm">The term of its last entry.</param>
/// <param name="Durable">The last of its entries that is on disk.</param>
/// <param name="Commit">The last entry that it knows to be committed.</param>
/// <param name="Applied">The last entry that its state machine has applied.</param>
/// <param name="Configuration">The configuration in force, committed or not.</param>
/// <param name="Followers">On a leader: what it knows of each other member.</param>
/// <param name="LeaderHeardAt">When it heard a leader last, on the clock of its inputs; null when it has heard none since it started.</param>
/// <param name="ElectionDeadline">When it campaigns if it hears no leader before, on the same clock; null on a leader and on who may not campaign.</param>
/// <param name="ElectionTimeout">The election timeout that it drew last.</param>
/// <param name="TermStarts">Where the newest terms in the log begin, ordered; at most 64.</param>
public sealed record RaftStatus(
    NodeIdentity Identity,
    RaftState State,
    Term Term,
    MemberId VotedFor,
    MemberId Leader,
    LogIndex Last,
    Term LastTerm,
    LogIndex Durable,
    LogIndex Commit,
    LogIndex Applied,
    GroupConfiguration Configuration,
    IReadOnlyList<FollowerStatus> Followers,
    TimeSpan? LeaderHeardAt,
    TimeSpan? ElectionDeadline,
    TimeSpan ElectionTimeout,
    IReadOnlyList<TermStart> TermStarts)
{
    /// <summary>Whether it is quiet; see <see cref="RaftNode.IsQuiet"/>. It then hears from nobody, and that is as it should be.</summary>
    public bool IsQuiet { get; init; }
}

/// <summary>What a leader knows of one other member.</summary>
/// <param name="Member">The member.</param>
/// <param name="Match">The last entry that is known to be durable there.</param>
/// <param name="IsReachable">Whether it answered within the election timeout.</param>
/// <param name="Refusal">Why it last refused a message, if it did since it last accepted one.</param>
/// <param name="LastHeard">When it answered last, on the clock of the node's inputs.</param>
/// <param name="Snapshot">How much of a snapshot it has, as a share of 1, while it is sent one; null otherwise.</param>
public sealed record FollowerStatus(Member Member, LogIndex Match, bool IsReachable, RefusalReason? Refusal, TimeSpan LastHeard, double? Snapshot);

/// <summary>How far the other members are behind their leader.</summary>
/// <param name="Most">Entries of the leader's log that the one that is furthest behind has not acknowledged.</param>
/// <param name="Sum">The same, of all of them together.</param>
/// <param name="Silent">How many did not answer within the election timeout.</param>
public readonly record struct ReplicationLag(long Most, long Sum, int Silent)
{
    internal ReplicationLag And(long entries, bool isHeard) => new(Math.Max(Most, entries), Sum + entries, isHeard ? Silent : Silent + 1);
}
