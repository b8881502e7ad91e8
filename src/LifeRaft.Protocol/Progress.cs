namespace LifeRaft.Protocol;

/// <summary>
/// What a leader knows of one follower. While it probes, one append at a time finds where the logs agree; then it streams,
/// several appends ahead of the answers. A loss shows in the answers to heartbeats, which say how far the follower has come.
/// </summary>
internal sealed class Progress(Member member, LogIndex next, TimeSpan now)
{
    private readonly Queue<LogIndex> _inFlight = new();
    private bool _isProbeSent;
    private int _heartbeatsSinceSent;
    private LogIndex _verifiedBefore;

    /// <summary>The first round of heartbeats without an answer, and what was durable at the follower before it was sent.</summary>
    private (long Round, LogIndex Match)? _asked;

    public Member Member { get; set; } = member;

    /// <summary>Durable at the follower and equal to the leader's log. Invariant: never goes down.</summary>
    public LogIndex Match { get; private set; }

    /// <summary>The next entry to send. Invariant: greater than <see cref="Match"/>. A probe does not move it.</summary>
    public LogIndex Next { get; private set; } = next;

    public bool IsProbing { get; private set; } = true;

    /// <summary>An append is owed even if there is no entry for it: the follower does not know yet how much of its log is ours.</summary>
    public bool MustProbe { get; private set; }

    /// <summary>Entries for this follower are being read from the disk.</summary>
    public bool IsReading { get; set; }

    public TimeSpan LastHeard { get; set; } = now;

    public long ConfirmedRound { get; set; }

    /// <summary>The newest round to which it answered that it is quiet.</summary>
    public long QuietRound { get; set; }

    /// <summary>The newest round to which it answered that it is not.</summary>
    public long AwakeRound { get; set; }

    /// <summary>While the leader is quiet: whether it is so without this follower, which is not there.</summary>
    public bool IsAbsent { get; set; }

    /// <summary>How much the follower would like to lead.</summary>
    public int Priority { get; set; }

    public RefusalReason? Refusal { get; private set; }

    /// <summary>The snapshot that is being sent, while the follower needs entries that are no longer in the log.</summary>
    public SnapshotSending? Snapshot { get; set; }

    /// <summary>Whether an append may leave now.</summary>
    public bool MaySend(int maximumInFlight) => !IsReading && Snapshot is null && (IsProbing ? !_isProbeSent : _inFlight.Count < maximumInFlight);

    public void Sent(LogIndex last)
    {
        _heartbeatsSinceSent = 0;
        MustProbe = false;
        if (IsProbing)
        {
            _isProbeSent = true;
        }
        else
        {
            _inFlight.Enqueue(last);
            Next = last + 1;
        }
    }

    /// <summary>The follower holds everything up to the index, durably.</summary>
    public void Acknowledged(LogIndex match)
    {
        Refusal = null;
        if (match < Match)
        {
            return;
        }

        Match = match;
        if (IsProbing)
        {
            IsProbing = false;
            Next = Match + 1;
        }

        Next = LogIndex.Max(Next, Match + 1);
        while (_inFlight.TryPeek(out var last) && last <= Match)
        {
            _inFlight.Dequeue();
        }
    }

    /// <summary>The logs disagree, or there is a gap, at the rejected index. An answer to an older append changes nothing.</summary>
    /// <param name="rejected">The index before the append that was rejected.</param>
    /// <param name="agreed">The highest index at which the logs may agree.</param>
    public void Conflicted(LogIndex rejected, LogIndex agreed)
    {
        Refusal = null;
        var isStale = rejected <= Match || (IsProbing && rejected != Next - 1);
        if (!isStale)
        {
            ProbeFrom(LogIndex.Min(agreed, rejected - 1) + 1);
        }
    }

    /// <summary>
    /// An answer to a heartbeat says how much has arrived. What was sent and makes no way from answer to answer is lost. A follower
    /// that says less than it had acknowledged before it was asked has started anew, and has to be told how much of its log is ours;
    /// an answer that is only late says less too, and changes nothing.
    /// </summary>
    public void HeardHeartbeat(long round, LogIndex verified)
    {
        _isProbeSent &= Refusal is null;
        Refusal = null;
        Snapshot?.HeardHeartbeat();
        _heartbeatsSinceSent++;
        if (IsProbing)
        {
            _isProbeSent &= _heartbeatsSinceSent < 2;
        }
        else if (LogIndex.Max(verified, Match) < Next - 1 && verified == _verifiedBefore && _heartbeatsSinceSent >= 2)
        {
            ProbeFrom(verified + 1);
        }

        _verifiedBefore = verified;
        if (_asked is not { } asked || round < asked.Round)
        {
            return;
        }

        _asked = null;
        if (verified < asked.Match)
        {
            ProbeFrom(Match + 1);
            MustProbe = true;
        }
    }

    /// <summary>The follower refused. Heartbeats go on asking it; entries, which may be many, wait until it answers one.</summary>
    public void Refused(RefusalReason reason)
    {
        Refusal = reason;
        Snapshot = null;
        ProbeFrom(Match + 1);
        _isProbeSent = true;
    }

    /// <summary>A heartbeat leaves.</summary>
    public void HeartbeatLeaves(long round) => _asked ??= (round, Match);

    private void ProbeFrom(LogIndex next)
    {
        IsProbing = true;
        _isProbeSent = false;
        _inFlight.Clear();
        Next = LogIndex.Max(next, Match + 1);
    }
}
