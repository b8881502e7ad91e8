namespace LifeRaft.Protocol;

/// <summary>Linearizable reads without writing (ReadIndex; thesis, 6.4), and the heartbeats that confirm leadership for them.</summary>
public sealed partial class RaftNode
{
    /// <summary>
    /// Asks to read. <see cref="Outcome.Done"/> means: at some moment since the call this node led, and its state machine has
    /// applied everything that was committed then, so that what it holds now may be answered.
    /// </summary>
    public void Read(object caller, TimeSpan now)
    {
        if (!Accepts(caller, now))
        {
            return;
        }

        if (_role is not LeaderRole leader)
        {
            AnswerNow(caller, Outcome.NotLeader);
            return;
        }

        // A new leader does not know what is committed before its own first entry is (raft-scenarios 49): so it waits for that one.
        leader.Reads.Add(new PendingRead(caller, LogIndex.Max(_commit, leader.FirstOwn), leader.Round + 1));
    }

    /// <summary>One round at a time: reads that arrive while it is under way share the next one.</summary>
    private void BeginReadRound(LeaderRole leader)
    {
        if (leader.Reads.Count > 0 && leader.Reads[^1].Round > leader.Round && ConfirmedRound(leader) == leader.Round)
        {
            SendHeartbeats(leader);
        }
    }

    private void SendHeartbeats(LeaderRole leader)
    {
        leader.Round++;
        leader.NextHeartbeat = _now + Configuration.Timings.Heartbeat;
        _events.Add(new HeartbeatSent(leader.Round));
        foreach (var follower in leader.Followers.Values)
        {
            follower.HeartbeatLeaves(leader.Round);
            SendHeartbeat(leader, follower);
        }

        ConfirmReads(leader);
    }

    private void SendHeartbeat(LeaderRole leader, Progress follower) =>
        Send(new HeartbeatRequest { To = follower.Member.Id, Commit = _commit, Round = leader.Round });

    private long ConfirmedRound(LeaderRole leader) => Quorum.Reached(Configuration, (Node: this, leader), static (context, id) =>
        id == context.Node._identity.Member ? context.leader.Round
        : context.leader.Followers.TryGetValue(id, out var follower) ? follower.ConfirmedRound : 0);

    private void ConfirmReads(LeaderRole leader)
    {
        if (leader.Reads.Count == 0)
        {
            return;
        }

        // An answer to a later round confirms the earlier ones, never the other way round (raft-scenarios 51).
        var confirmed = ConfirmedRound(leader);
        var count = leader.Reads.TakeWhile(read => read.Round <= confirmed).Count();
        leader.ConfirmedReads.AddRange(leader.Reads.Take(count));
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

    private void TickLeader(LeaderRole leader)
    {
        if (leader.Transfer is { } transfer && _now >= transfer.Deadline)
        {
            EndTransfer(leader, Outcome.TimedOut);
        }

        if (_now >= leader.NextQuorumCheck && !PassesQuorumCheck(leader))
        {
            BecomeFollower(_hard.Term);
            return;
        }

        if (_now >= leader.NextHeartbeat)
        {
            SendHeartbeats(leader);
        }
    }

    private static TimeSpan NextLeaderDeadline(LeaderRole leader)
    {
        var next = Earlier(leader.NextHeartbeat, leader.NextQuorumCheck);
        return leader.Transfer is { } transfer ? Earlier(next, transfer.Deadline) : next;
    }

    /// <summary>CheckQuorum (thesis, 6.2): a leader that no majority answers steps down, so that its clients look elsewhere.</summary>
    private bool PassesQuorumCheck(LeaderRole leader)
    {
        var timings = Configuration.Timings;
        var isStalled = _now - leader.NextQuorumCheck > timings.ElectionMin;
        leader.NextQuorumCheck = _now + (isStalled ? timings.ElectionMin : timings.Heartbeat);
        return isStalled || IsMajorityHeard(leader, Configuration);
    }

    private bool IsMajorityHeard(LeaderRole leader, GroupConfiguration configuration) =>
        Quorum.IsReached(configuration, (Node: this, leader), static (context, id) =>
            id == context.Node._identity.Member
            || (context.leader.Followers.TryGetValue(id, out var follower) && context.Node.IsHeard(follower)));

    private bool IsHeard(Progress follower) => _now - follower.LastHeard <= Configuration.Timings.ElectionMax;
}
