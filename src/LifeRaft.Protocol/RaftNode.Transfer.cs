namespace LifeRaft.Protocol;

/// <summary>Handing leadership over (thesis, 3.10).</summary>
public sealed partial class RaftNode
{
    /// <summary>A leader looks for a voter of a higher priority after so many election timeouts, so that leadership does not wander.</summary>
    private const int QuietTimeoutsBeforeYielding = 10;

    /// <summary>
    /// Hands leadership to another voter. <see cref="Outcome.Done"/> means that this node leads no more; while the attempt lasts, at
    /// most an election timeout, proposals are refused.
    /// </summary>
    /// <param name="target">The next leader; <see cref="MemberId.None"/> for the voter whose log is nearest.</param>
    /// <param name="caller">Gets the outcome.</param>
    /// <param name="now">The monotonic time.</param>
    public void TransferLeadership(MemberId target, object caller, TimeSpan now)
    {
        if (!Accepts(caller, now))
        {
            return;
        }

        if (_role is not LeaderRole leader)
        {
            AnswerNow(caller, Outcome.NotLeader);
        }
        else if (leader.Transfer is not null)
        {
            AnswerNow(caller, Outcome.LeadershipMoving);
        }
        else if (target == _identity.Member)
        {
            AnswerNow(caller, Outcome.Done);
        }
        else if (ChooseTarget(leader, target) is not { } chosen)
        {
            AnswerNow(caller, target.IsNone || Configuration.Contains(target) ? Outcome.NotAVoter : Outcome.UnknownMember);
        }
        else
        {
            BeginTransfer(leader, chosen, caller);
        }
    }

    /// <summary>How much this node would like to lead: <see cref="RaftSettings.LeaderPriority"/> at first; the lowest number that there is for one that is not to lead.</summary>
    public int LeaderPriority { get; set; }

    /// <summary>
    /// Whether this node hands leadership over, or has done so and does not know yet who took it: what is proposed now is better proposed
    /// when that is decided, here or there. It ends with the attempt, with the word of a leader, or when this node campaigns itself.
    /// </summary>
    public bool IsLeadershipMoving(TimeSpan now) => _end is null && _role switch
    {
        LeaderRole leader => leader.Transfer is not null,
        FollowerRole follower => follower.Leader.IsNone && now < _handedOverUntil,
        _ => false,
    };

    /// <summary>Whoever was asked to campaign has had its time by then.</summary>
    private TimeSpan _handedOverUntil;

    private void BeginTransfer(LeaderRole leader, Progress target, object? caller) =>
        leader.Transfer = new Transfer(target.Member.Id, _now + Configuration.Timings.ElectionMax, caller);

    private Progress? ChooseTarget(LeaderRole leader, MemberId target) => leader.Followers.Values
        .Where(follower => Configuration.Voters.Any(voter => voter.Id == follower.Member.Id))
        .Where(follower => target.IsNone ? IsHeard(follower) : follower.Member.Id == target)
        .MaxBy(follower => (HasCaughtUp(follower), follower.Priority, follower.Match));

    private bool HasCaughtUp(Progress follower) => _log.Last - follower.Match <= _settings.CaughtUpWithinEntries;

    /// <summary>Somebody who has caught up would rather lead than this node would.</summary>
    private void YieldToHigherPriority(LeaderRole leader)
    {
        if (_now < leader.NextYield || leader.Transfer is not null)
        {
            return;
        }

        leader.NextYield = _now + (Configuration.Timings.ElectionMax * QuietTimeoutsBeforeYielding);
        if (IsMembershipSettled(leader) && ChooseTarget(leader, MemberId.None) is { } target && target.Priority > LeaderPriority && HasCaughtUp(target))
        {
            BeginTransfer(leader, target, null);
        }
    }

    /// <summary>
    /// This node's disk keeps everybody waiting: what is committed is applied once it is durable here too. Another one leads better
    /// (raft-scenarios 63).
    /// </summary>
    private void YieldForSlowDisk(LeaderRole leader)
    {
        var patience = Configuration.Timings.ElectionMax;
        if (_inFlight is null || _now - _inFlightSince <= patience || _now < leader.NextEscape || leader.Transfer is not null)
        {
            return;
        }

        leader.NextEscape = _now + (patience * QuietTimeoutsBeforeYielding);
        if (ChooseTarget(leader, MemberId.None) is { } target && HasCaughtUp(target))
        {
            BeginTransfer(leader, target, null);
        }
    }

    /// <summary>
    /// Once the target holds everything that there is, it may campaign at once. Everything is committed first, so that no caller who
    /// waits for an entry is left without its outcome. The lease is over: the target may campaign whenever it hears of it.
    /// </summary>
    private void AskTransferTarget(LeaderRole leader, Progress follower)
    {
        if (leader.Transfer is { IsAsked: false } transfer && transfer.Target == follower.Member.Id && follower.Match == _log.Last && _commit == _log.Last)
        {
            transfer.IsAsked = true;
            leader.Lease.GiveUp();
            Send(new TimeoutNow { To = transfer.Target });
        }
    }

    private void EndTransfer(LeaderRole leader, Outcome outcome)
    {
        if (leader.Transfer?.Caller is { } caller)
        {
            AnswerNow(caller, outcome);
        }

        leader.Transfer = null;
    }
}
