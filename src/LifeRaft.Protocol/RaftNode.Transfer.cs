namespace LifeRaft.Protocol;

/// <summary>Handing leadership over (thesis, 3.10).</summary>
public sealed partial class RaftNode
{
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

    private void BeginTransfer(LeaderRole leader, Progress target, object? caller) =>
        leader.Transfer = new Transfer(target.Member.Id, _now + Configuration.Timings.ElectionMax, caller);

    private Progress? ChooseTarget(LeaderRole leader, MemberId target) => leader.Followers.Values
        .Where(follower => Configuration.Voters.Any(voter => voter.Id == follower.Member.Id))
        .Where(follower => target.IsNone ? IsHeard(follower) : follower.Member.Id == target)
        .MaxBy(follower => follower.Match);

    /// <summary>Once the target holds everything that there is, it may campaign at once.</summary>
    private void AskTransferTarget(LeaderRole leader, Progress follower)
    {
        if (leader.Transfer is { IsAsked: false } transfer && transfer.Target == follower.Member.Id && follower.Match == _log.Last)
        {
            transfer.IsAsked = true;
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
