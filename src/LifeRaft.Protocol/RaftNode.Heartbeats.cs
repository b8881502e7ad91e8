namespace LifeRaft.Protocol;

/// <summary>The heartbeats of a leader: they keep others from campaigning, and their answers confirm that it leads.</summary>
public sealed partial class RaftNode
{
    private void SendHeartbeats(LeaderRole leader)
    {
        leader.QuietRound = null;
        BeginRound(leader);
        leader.Lease.Sent(leader.Round, _now, _commit);
        SendRound(leader);
        ConfirmRounds(leader);
    }

    private void BeginRound(LeaderRole leader)
    {
        leader.Round++;
        if (leader.SaidCommit != _commit)
        {
            (leader.SaidCommit, leader.SaidCommitRound) = (_commit, leader.Round);
        }

        leader.NextHeartbeat = _now + Configuration.Timings.Heartbeat;
        _events.Add(new HeartbeatSent(leader.Round));
    }

    private void SendRound(LeaderRole leader)
    {
        foreach (var follower in leader.Followers.Values)
        {
            follower.HeartbeatLeaves(leader.Round);
            SendHeartbeat(leader, follower);
        }
    }

    private void SendHeartbeat(LeaderRole leader, Progress follower) =>
        Send(new HeartbeatRequest { To = follower.Member.Id, Commit = _commit, Round = leader.Round, IsQuiet = leader.QuietRound <= leader.Round });

    private void TickLeader(LeaderRole leader)
    {
        if (leader.Transfer is { } transfer && _now >= transfer.Deadline)
        {
            EndTransfer(leader, Outcome.TimedOut);
        }

        if (_now >= leader.NextQuorumCheck && !PassesQuorumCheck(leader))
        {
            BecomeFollower(_hard.Term, LeadershipEndCause.NoMajority);
            return;
        }

        if (leader.FirstOwn > _commit && _now >= leader.CommitsFrom)
        {
            AdvanceCommit(leader); // A majority may have had it for a while.
        }

        if (_role == leader && _now >= leader.NextHeartbeat)
        {
            YieldToHigherPriority(leader);
            YieldForSlowDisk(leader);
            if (leader.QuietRound is null ? MayAskToBeQuiet(leader) : MayAskAgain(leader))
            {
                AskToBeQuiet(leader);
            }
            else
            {
                DeferQuietAfterDissent(leader);
                SendHeartbeats(leader);
            }
        }
    }

    private TimeSpan NextLeaderDeadline(LeaderRole leader)
    {
        var next = Earlier(leader.NextHeartbeat, leader.NextQuorumCheck);
        next = leader.FirstOwn > _commit && leader.CommitsFrom > _now ? Earlier(next, leader.CommitsFrom) : next;
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

    private bool IsHeard(Progress follower) =>
        _role is LeaderRole { IsQuiet: true } ? !follower.IsAbsent : _now - follower.LastHeard <= Configuration.Timings.ElectionMax;
}
