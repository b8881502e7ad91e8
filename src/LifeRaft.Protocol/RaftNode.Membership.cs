namespace LifeRaft.Protocol;

/// <summary>
/// Who belongs to the group. A configuration is in force from the moment it is appended; voters change through a joint one
/// (Raft paper, 6); one change at a time, and none before the leader has committed an entry of its own (raft-scenarios 40).
/// </summary>
public sealed partial class RaftNode
{
    /// <summary>The committed entry that removed this node.</summary>
    private LogIndex? _removedBy;

    /// <summary>
    /// Admits a member. It starts as a learner; one that is to vote becomes a voter when its log has caught up, and only then the
    /// caller gets <see cref="Outcome.Done"/>. Repeating the call changes nothing and waits again.
    /// </summary>
    /// <param name="member">The member; its id was never used before.</param>
    /// <param name="isVoter">Whether it is to vote.</param>
    /// <param name="caller">Gets the outcome.</param>
    /// <param name="now">The monotonic time.</param>
    /// <param name="mostVoters">
    /// It is refused as <see cref="Outcome.TooManyVoters"/> if the group could come to have more by it. Several who admit members of one
    /// group, and do not know of each other, agree by this on its size: only the leader sees the one after the other.
    /// </param>
    public void AddMember(Member member, bool isVoter, object caller, TimeSpan now, int mostVoters = int.MaxValue) =>
        Admit(member, isVoter, MemberId.None, caller, now, mostVoters);

    /// <summary>
    /// Admits a voter in the place of a member, which may be dead for good: as soon as the new one has caught up, it comes and the old one
    /// goes in one step, so that the group never has more voters to wait for than it can do without.
    /// </summary>
    /// <param name="replaced">The member that goes.</param>
    /// <param name="member">The member that comes; its id was never used before.</param>
    /// <param name="caller">Gets <see cref="Outcome.Done"/> when the step is committed.</param>
    /// <param name="now">The monotonic time.</param>
    /// <param name="mostVoters">As for <see cref="AddMember"/>.</param>
    public void ReplaceMember(MemberId replaced, Member member, object caller, TimeSpan now, int mostVoters = int.MaxValue) =>
        Admit(member, isVoter: true, replaced, caller, now, mostVoters);

    private void Admit(Member member, bool isVoter, MemberId replaced, object caller, TimeSpan now, int mostVoters)
    {
        ArgumentNullException.ThrowIfNull(member);
        if (!Accepts(caller, now) || !MayChangeMembership(caller, out var leader))
        {
            return;
        }

        var known = Configuration.Find(member.Id);
        if (ProblemOfAdmission(member, known, replaced) is { } problem)
        {
            AnswerNow(caller, problem);
            return;
        }

        var isLearner = known is not null && !Configuration.IsVoter(member.Id);
        var isOtherWish = known is not null && (!known.BecomesVoter || known.Replaces != replaced);
        var next = known is null ? Configuration.WithLearner(member with { BecomesVoter = isVoter, Replaces = replaced })
            : isLearner && isVoter && isOtherWish ? Configuration.WithLearnerWish(member.Id, replaced)
            : null;
        if (next is not null && isVoter && IsMembershipSettled(leader) && next.MostVoters > mostVoters)
        {
            AnswerNow(caller, Outcome.TooManyVoters);
            return;
        }

        ChangeMembership(leader, next, new PendingChange(caller, member.Id, isVoter ? WantedMembership.Voter : WantedMembership.Learner));
    }

    private Outcome? ProblemOfAdmission(Member member, Member? known, MemberId replaced)
    {
        if (known is null && Configuration.Find(member.Address) is { } owner && owner.Id != replaced)
        {
            return Outcome.AddressTaken;
        }

        // A used-up id: whoever answers to it has been removed. And one that is to be replaced has to be there, until it is done.
        var isUsedUp = known is null && Configuration.Removed.Contains(member.Id);
        var isNobodyReplaced = !replaced.IsNone && !Configuration.Contains(replaced) && !Configuration.IsVoter(member.Id);
        return isUsedUp || isNobodyReplaced ? Outcome.UnknownMember : null;
    }

    /// <summary>
    /// Removes a member. A leader that removes itself hands leadership over first and answers
    /// <see cref="Outcome.LeadershipMoving"/>: the next leader is to be asked again.
    /// </summary>
    /// <param name="member">The member.</param>
    /// <param name="caller">Gets <see cref="Outcome.Done"/> when the removal is committed.</param>
    /// <param name="now">The monotonic time.</param>
    /// <param name="handOver">False to remove the leader itself without handing over: it leads until the change is committed.</param>
    public void RemoveMember(MemberId member, object caller, TimeSpan now, bool handOver = true)
    {
        if (!Accepts(caller, now) || !MayChangeMembership(caller, out var leader))
        {
            return;
        }

        if (Configuration.Removed.Contains(member))
        {
            ChangeMembership(leader, null, new PendingChange(caller, member, WantedMembership.None)); // Done once that is committed.
        }
        else if (!Configuration.Contains(member))
        {
            AnswerNow(caller, Outcome.UnknownMember);
        }
        else if (Configuration.Voters.Length == 1 && Configuration.Voters[0].Id == member)
        {
            AnswerNow(caller, Outcome.LastVoter);
        }
        else if (member == _identity.Member && handOver && ChooseTarget(leader, MemberId.None) is { } target)
        {
            BeginTransfer(leader, target, null);
            AnswerNow(caller, Outcome.LeadershipMoving);
        }
        else
        {
            ChangeMembership(leader, Configuration.WithoutMember(member), new PendingChange(caller, member, WantedMembership.None));
        }
    }

    private bool MayChangeMembership(object caller, out LeaderRole leader)
    {
        leader = (_role as LeaderRole)!;
        if (leader is null)
        {
            AnswerNow(caller, Outcome.NotLeader);
            return false;
        }

        if (leader.Transfer is not null)
        {
            AnswerNow(caller, Outcome.LeadershipMoving);
            return false;
        }

        return true;
    }

    private void ChangeMembership(LeaderRole leader, GroupConfiguration? next, PendingChange change)
    {
        if (next is not null && !IsMembershipSettled(leader))
        {
            AnswerNow(change.Caller, Outcome.ChangeInProgress);
            return;
        }

        if (next is { IsJoint: true } && !IsMajorityHeard(leader, next))
        {
            AnswerNow(change.Caller, Outcome.NoMajority); // It could neither be committed nor taken back (raft-scenarios 45).
            return;
        }

        leader.Changes.Add(change);
        if (next is not null)
        {
            AppendConfiguration(leader, next);
        }
        else
        {
            AnswerChanges(leader);
        }

        Finish();
    }

    private bool IsMembershipSettled(LeaderRole leader) =>
        leader.FirstOwn <= _commit && _configurations.CurrentIndex <= _commit && !Configuration.IsJoint;

    private void AppendConfiguration(LeaderRole leader, GroupConfiguration configuration) =>
        Append(leader, EntryKind.Configuration, GroupConfigurationCodec.Encode(configuration), 0);

    /// <summary>New members are replicated to at once; those that leave, until their leaving is committed, so that they hear of it.</summary>
    private void FollowMembership(LeaderRole leader, LogIndex next)
    {
        foreach (var member in Configuration.Everyone)
        {
            if (leader.Followers.TryGetValue(member.Id, out var known))
            {
                known.Member = member;
            }
            else if (member.Id != _identity.Member)
            {
                leader.Followers.Add(member.Id, new Progress(member, next, _now));
            }
        }
    }

    private void ConfigurationCommitted(LogIndex index, GroupConfiguration committed)
    {
        if (_role is LeaderRole leader)
        {
            AnswerChanges(leader);
            DropFollowersThatLeft(leader);

            // One that another follows is history: after a restart a leader meets configurations that are older than its membership.
            if (index == _configurations.CurrentIndex && !committed.IsJoint && !committed.IsVoter(_identity.Member))
            {
                StepDownAsRemoved(leader);
            }
        }

        if (committed.Removed.Contains(_identity.Member))
        {
            // The node ends when everything before has been applied here and its callers were answered.
            _removedBy ??= index;
        }
    }

    private void DropFollowersThatLeft(LeaderRole leader)
    {
        foreach (var follower in leader.Followers.Values.Where(follower => !Configuration.Contains(follower.Member.Id)).ToList())
        {
            SendHeartbeat(leader, follower);
            leader.Followers.Remove(follower.Member.Id);
        }
    }

    /// <summary>The leader is not part of the new configuration: it led until that was committed, and stops now (Raft paper, 6).</summary>
    private void StepDownAsRemoved(LeaderRole leader)
    {
        foreach (var follower in leader.Followers.Values)
        {
            SendHeartbeat(leader, follower);
        }

        BecomeFollower(_hard.Term, LeadershipEndCause.Removed);
    }

    private void AfterCommit(LeaderRole leader)
    {
        if (Configuration.IsJoint && _configurations.CurrentIndex <= _commit && leader.FirstOwn <= _commit)
        {
            // Whoever leads leaves the joint state, the leader that entered it or the next one (raft-scenarios 43).
            AppendConfiguration(leader, Configuration.Final());
        }

        foreach (var follower in leader.Followers.Values.ToList())
        {
            PromoteLearner(leader, follower);
        }
    }

    private void PromoteLearner(LeaderRole leader, Progress follower)
    {
        var isDue = follower.Member.BecomesVoter
            && !follower.IsProbing
            && HasCaughtUp(follower)
            && leader.Transfer is null
            && IsHeard(follower)
            && IsMembershipSettled(leader)
            && Configuration.Learners.Any(learner => learner.Id == follower.Member.Id);
        if (isDue && Configuration.JointWithVoter(follower.Member.Id) is var next && IsMajorityHeard(leader, next))
        {
            AppendConfiguration(leader, next);
        }
    }

    private void AnswerChanges(LeaderRole leader)
    {
        foreach (var change in leader.Changes.ToList())
        {
            Outcome? outcome = IsFulfilled(change) ? Outcome.Done : IsGone(change.Member) ? Outcome.UnknownMember : null;
            if (outcome is not null)
            {
                leader.Changes.Remove(change);
                AnswerNow(change.Caller, outcome.Value);
            }
        }
    }

    private bool IsGone(MemberId member) => !_configurations.Committed.Contains(member) && !Configuration.Contains(member);

    private bool IsFulfilled(PendingChange change)
    {
        var committed = _configurations.Committed;
        return change.Wanted switch
        {
            WantedMembership.Voter => !committed.IsJoint && committed.IsVoter(change.Member),
            WantedMembership.Learner => committed.Contains(change.Member),
            _ => IsGone(change.Member),
        };
    }

    private void ReportMembershipChange(GroupConfiguration before, GroupConfiguration after)
    {
        foreach (var member in after.Everyone.Where(member => !before.Contains(member.Id)))
        {
            _events.Add(new MemberJoined(member));
        }

        foreach (var member in before.Everyone.Where(member => !after.Contains(member.Id)))
        {
            _events.Add(new MemberLeft(member));
        }
    }
}
