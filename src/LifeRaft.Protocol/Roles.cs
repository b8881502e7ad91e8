namespace LifeRaft.Protocol;

/// <summary>What a node knows only while it has a role. Changing the role drops the old object, and with it everything stale.</summary>
internal abstract class Role;

/// <summary>Follows a leader of the term, or waits for one; learners and blank nodes too.</summary>
internal sealed class FollowerRole : Role
{
    /// <summary>The leader of the term, once heard.</summary>
    public MemberId Leader { get; set; }

    /// <summary>
    /// Up to here this log equals that of the leader of this term: the highest index that one of its appends has covered. The
    /// commit index follows the leader's no further (raft-scenarios 23).
    /// </summary>
    public LogIndex Verified { get; set; }

    /// <summary>The leader waits for an acknowledgement.</summary>
    public bool OwesAcknowledgement { get; set; }

    public LogIndex LastAcknowledged { get; set; }

    /// <summary>Requests that came from elsewhere than the transport, and want an acknowledgement of their own.</summary>
    public List<AppendRequest> Correlated { get; } = [];

    /// <summary>Appends that arrived before their predecessors: the transport does not keep order.</summary>
    public List<AppendRequest> Early { get; } = [];

    /// <summary>When the predecessors count as lost.</summary>
    public TimeSpan EarlyDeadline { get; set; }

    public FollowerReads Reads { get; } = new();

    /// <summary>The newest round of heartbeats that was heard: an older one that comes late says nothing of whether the leader is quiet.</summary>
    public long Round { get; set; }

    /// <summary>Whether it waits for no heartbeat; see <see cref="RaftNode.IsQuiet"/>.</summary>
    public bool IsQuiet { get; set; }
}

/// <summary>The reads of a follower's users. One question at a time goes to the leader; those who come meanwhile share the next one.</summary>
internal sealed class FollowerReads
{
    /// <summary>They came after the question that is under way had left.</summary>
    public List<object> Waiting { get; private set; } = [];

    /// <summary>They wait for the answer to the question that is under way.</summary>
    public List<object> Asked { get; private set; } = [];

    /// <summary>Their index is known, and has to be applied first. Indices rise.</summary>
    public Queue<(object Caller, LogIndex Index)> Confirmed { get; } = [];

    /// <summary>The question that is under way.</summary>
    public long Id { get; private set; }

    /// <summary>When it counts as lost.</summary>
    public TimeSpan Deadline { get; private set; }

    public IEnumerable<object> All => Waiting.Concat(Asked).Concat(Confirmed.Select(read => read.Caller));

    /// <summary>Everybody who waits is now asked for, with a question of that id.</summary>
    public void Ask(long id, TimeSpan deadline)
    {
        Asked.AddRange(Waiting);
        Waiting.Clear();
        (Id, Deadline) = (id, deadline);
    }

    /// <summary>The question was answered.</summary>
    public List<object> TakeAsked()
    {
        var asked = Asked;
        Asked = [];
        return asked;
    }
}

/// <summary>Asks for pre-votes or votes.</summary>
internal sealed class CandidateRole(bool isPreVote, bool isHandedOver = false) : Role
{
    public bool IsPreVote { get; } = isPreVote;

    /// <summary>The leader asked for this election, and has given up its lease.</summary>
    public bool IsHandedOver { get; } = isHandedOver;

    /// <summary>Somebody voted although a leader may hold a lease.</summary>
    public bool MayBreakLease { get; set; }

    /// <summary>Members, not answers: who answers twice counts once.</summary>
    public HashSet<MemberId> Granted { get; } = [];

    public HashSet<MemberId> Rejected { get; } = [];
}

/// <summary>Leads its term.</summary>
internal sealed class LeaderRole(LogIndex firstOwn) : Role
{
    /// <summary>The no-op with which the term began. Nothing is served, and no membership changes, before it is committed.</summary>
    public LogIndex FirstOwn { get; } = firstOwn;

    public Dictionary<MemberId, Progress> Followers { get; } = [];

    public TimeSpan NextHeartbeat { get; set; }

    /// <summary>When the leader next asks itself whether a majority still hears it.</summary>
    public TimeSpan NextQuorumCheck { get; set; }

    public long UncommittedBytes { get; set; }

    /// <summary>The last round of heartbeats that was sent.</summary>
    public long Round { get; set; }

    /// <summary>
    /// Nothing is committed before: a leader that was deposed against the rule may hold a lease until then, and must not have missed
    /// anything that was committed.
    /// </summary>
    public TimeSpan CommitsFrom { get; set; }

    public LeaderLease Lease { get; } = new();

    /// <summary>Since when there was nothing to do.</summary>
    public TimeSpan IdleSince { get; set; }

    /// <summary>What the last round of heartbeats said is committed.</summary>
    public LogIndex SaidCommit { get; set; }

    /// <summary>The round that said so first.</summary>
    public long SaidCommitRound { get; set; }

    /// <summary>Nobody is asked to be quiet before.</summary>
    public TimeSpan QuietNotBefore { get; set; }

    /// <summary>The first of the rounds by which the followers are asked to be quiet; null when they are not asked.</summary>
    public long? QuietRound { get; set; }

    /// <summary>Since when they are asked.</summary>
    public TimeSpan AskedSince { get; set; }

    /// <summary>Whether it sends no heartbeats; see <see cref="RaftNode.IsQuiet"/>.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>When the leader next looks for a voter of a higher priority.</summary>
    public TimeSpan NextYield { get; set; }

    /// <summary>When the leader next tries to hand over because its disk is slow.</summary>
    public TimeSpan NextEscape { get; set; }

    /// <summary>Reads that wait for a round of heartbeats to be answered by a majority.</summary>
    public List<PendingRead> Reads { get; } = [];

    /// <summary>Reads whose leadership is confirmed, and that wait until their index is applied.</summary>
    public List<PendingRead> ConfirmedReads { get; } = [];

    public List<PendingChange> Changes { get; } = [];

    public Transfer? Transfer { get; set; }
}

/// <summary>A follower reads for its users.</summary>
internal sealed record RemoteReader(MemberId Follower, long Id);

/// <param name="Caller">Who reads; a <see cref="RemoteReader"/> for another node.</param>
/// <param name="Index">What must be applied first: the commit index at the time of asking.</param>
/// <param name="Round">The round of heartbeats that confirms it.</param>
internal readonly record struct PendingRead(object Caller, LogIndex Index, long Round);

/// <summary>A caller who waits until a member is, or is no longer, what was asked for.</summary>
internal sealed record PendingChange(object Caller, MemberId Member, WantedMembership Wanted);

internal enum WantedMembership
{
    Learner,
    Voter,
    None,
}

/// <summary>Leadership is being handed over. It exists only within the role, so that it cannot outlive it (raft-scenarios 47).</summary>
internal sealed class Transfer(MemberId target, TimeSpan deadline, object? caller)
{
    public MemberId Target { get; } = target;

    public TimeSpan Deadline { get; } = deadline;

    public object? Caller { get; } = caller;

    public bool IsAsked { get; set; }
}
