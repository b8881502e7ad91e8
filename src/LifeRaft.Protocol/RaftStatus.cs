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
    IReadOnlyList<FollowerStatus> Followers);

/// <summary>What a leader knows of one other member.</summary>
/// <param name="Member">The member.</param>
/// <param name="Match">The last entry that is known to be durable there.</param>
/// <param name="IsReachable">Whether it answered within the election timeout.</param>
/// <param name="Refusal">Why it last refused a message, if it did since it last accepted one.</param>
public sealed record FollowerStatus(Member Member, LogIndex Match, bool IsReachable, RefusalReason? Refusal);
