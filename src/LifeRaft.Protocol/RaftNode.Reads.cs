namespace LifeRaft.Protocol;

/// <summary>
/// Linearizable reads without writing (thesis, 6.4): ReadIndex, on the leader and through it on every member, and by lease on the leader.
/// </summary>
public sealed partial class RaftNode
{
    private readonly Freshness _freshness = new();

    /// <summary>
    /// Asks to read. <see cref="Outcome.Done"/> means: the state machine here has applied everything that was committed at some moment
    /// since the call, so that what it holds now may be answered. A follower asks its leader for that moment.
    /// </summary>
    /// <param name="caller">Gets the outcome.</param>
    /// <param name="now">The monotonic time.</param>
    /// <param name="mayUseLease">
    /// Whether a leader with a lease may answer without asking anybody. That rests on <see cref="RaftSettings.MaximumClockDrift"/>; without
    /// it no read rests on clocks.
    /// </param>
    public void Read(object caller, TimeSpan now, bool mayUseLease = false)
    {
        if (!Accepts(caller, now))
        {
            return;
        }

        if (_role is not LeaderRole leader)
        {
            ReadThroughLeader(caller);
        }
        else if (mayUseLease && HoldsLease)
        {
            leader.ConfirmedReads.Add(new PendingRead(caller, _commit, leader.Round));
            AnswerConfirmedReads(leader);
        }
        else
        {
            // A new leader does not know what is committed before its own first entry is (raft-scenarios 49): so it waits for that one.
            leader.Reads.Add(new PendingRead(caller, LogIndex.Max(_commit, leader.FirstOwn), leader.Round + 1));
        }
    }

    /// <summary>Whether this node leads and nobody else can, so long as the clocks keep to the assumption.</summary>
    public bool HoldsLease => _role is LeaderRole { Transfer: null } leader
        && leader.FirstOwn <= _commit
        && leader.Lease.IsHeld(_now, Configuration.Timings.ElectionMin, _settings.MaximumClockDrift);

    /// <summary>
    /// How old the state may be: it holds everything that the leader which this node hears, or the node itself as a leader, had
    /// committed so long ago. Null when it heard none since it started.
    /// </summary>
    public TimeSpan? AgeOfState(TimeSpan now) => _freshness.At(_applied) is { } fresh ? now - fresh : null;

    /// <summary>One round at a time: reads that arrive while it is under way share the next one.</summary>
    private void BeginReadRound(LeaderRole leader)
    {
        if (leader.Reads.Count > 0 && leader.Reads[^1].Round > leader.Round && ConfirmedRound(leader) == leader.Round)
        {
            SendHeartbeats(leader);
        }
    }

    private long ConfirmedRound(LeaderRole leader) => Quorum.Reached(Configuration, (Node: this, leader), static (context, id) =>
        id == context.Node._identity.Member ? context.leader.Round
        : context.leader.Followers.TryGetValue(id, out var follower) ? follower.ConfirmedRound : 0);

    /// <summary>A majority has answered the rounds up to one: nobody else led when they were sent.</summary>
    private void ConfirmRounds(LeaderRole leader)
    {
        // An answer to a later round confirms the earlier ones, never the other way round (raft-scenarios 51).
        var confirmed = ConfirmedRound(leader);
        if (leader.Lease.Confirm(confirmed) && leader.FirstOwn <= _commit)
        {
            var (sentAt, commit) = leader.Lease.Confirmed!.Value;
            _freshness.Said(commit, sentAt, _applied);
        }

        var count = leader.Reads.TakeWhile(read => read.Round <= confirmed).Count();
        foreach (var read in leader.Reads.Take(count))
        {
            if (read.Caller is RemoteReader reader)
            {
                Send(new ReadIndexResponse { To = reader.Follower, Id = reader.Id, Index = read.Index });
            }
            else
            {
                leader.ConfirmedReads.Add(read);
            }
        }

        leader.Reads.RemoveRange(0, count);
        AnswerConfirmedReads(leader);
    }

    private void AnswerConfirmedReads(LeaderRole leader)
    {
        // Indices rise with the order of asking.
        var count = leader.ConfirmedReads.TakeWhile(read => read.Index <= _applied).Count();
        foreach (var read in leader.ConfirmedReads.Take(count))
        {
            AnswerNow(read.Caller, Outcome.Done);
        }

        leader.ConfirmedReads.RemoveRange(0, count);
    }

    private void AbandonReads(LeaderRole leader)
    {
        foreach (var read in leader.Reads.Concat(leader.ConfirmedReads))
        {
            if (read.Caller is RemoteReader reader)
            {
                Send(new ReadIndexResponse { To = reader.Follower, Id = reader.Id, Index = LogIndex.Zero, IsRefused = true });
            }
            else
            {
                AnswerNow(read.Caller, Outcome.NotLeader);
            }
        }
    }
}
