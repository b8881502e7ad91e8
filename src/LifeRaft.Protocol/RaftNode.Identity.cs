namespace LifeRaft.Protocol;

/// <summary>Who a node is, who it talks to, and how it ends (architecture, "Identity, founding, removal").</summary>
public sealed partial class RaftNode
{
    /// <summary>
    /// Founds a group with this blank node as its only voter. It leads as soon as it has voted for itself.
    /// </summary>
    /// <returns>Whether it was founded; false for a node that belongs to a group already.</returns>
    public bool TryFound(GroupId group, Member founder, GroupTimings timings, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(founder);
        if (!Begin(now) || !_identity.IsBlank || _log.Last > LogIndex.Zero)
        {
            return false;
        }

        _identity = new NodeIdentity(group, founder.Id);
        ChangeTerm(_hard.Term + 1, MemberId.None);
        var configuration = GroupConfiguration.Founding(founder, timings);
        var entry = LogEntry.Create(EntryKind.Configuration, LogIndex.First, _hard.Term, 0, GroupConfigurationCodec.Encode(configuration));
        _log.Append(entry);
        _configurations.Append(entry);
        BecomeCandidate(isDeliberate: false);
        Finish();
        return true;
    }

    /// <summary>
    /// Tells a blank node under which membership it is to accept entries. One that was admitted and holds no entry may be admitted
    /// again, under another id: the first attempt may have failed half-way. It has acknowledged nothing that could be lost, and its
    /// term and vote stay.
    /// </summary>
    /// <returns>Whether the node now has this identity; false for one that has entries under another.</returns>
    public bool TryAdmit(NodeIdentity identity, TimeSpan now)
    {
        if (!Begin(now))
        {
            return false;
        }

        if (_identity != identity)
        {
            if (_log.Last > LogIndex.Zero)
            {
                return false;
            }

            _identity = identity;
            BecomeFollower(_hard.Term);
        }

        Finish();
        return true;
    }

    /// <summary>Whether who the node is has become durable.</summary>
    public bool IsIdentityDurable => _identity == _durableIdentity;

    /// <summary>The node's data is about to be deleted: it says and accepts nothing any more.</summary>
    public void Stop(NodeEnd end, TimeSpan now)
    {
        if (!Begin(now))
        {
            return;
        }

        End(end);
        Finish();
    }

    private bool IsForMe(RaftMessage message)
    {
        RefusalReason? reason =
            _identity.IsBlank ? RefusalReason.Blank
            : message.Group != _identity.Group ? RefusalReason.WrongGroup
            : _configurations.Committed.Removed.Contains(message.From) ? RefusalReason.Removed
            : message.To != _identity.Member ? RefusalReason.WrongMember
            : null;
        if (reason is null)
        {
            return true;
        }

        _messages.Add(new Refusal
        {
            Group = message.Group,
            From = message.To,
            To = message.From,
            Term = _hard.Term,
            Reason = reason.Value,
            Actual = _identity,
            Correlation = message.Correlation,
        });
        _events.Add(new MessageRefused($"A message for member {message.To} of group {message.Group} was refused: {reason}. This node is member {_identity.Member} of group {_identity.Group}."));
        return false;
    }

    private void OnRefusal(Refusal refusal)
    {
        if (refusal.Group != _identity.Group || refusal.To != _identity.Member)
        {
            return; // About a message of an earlier identity of this node.
        }

        switch (refusal.Reason)
        {
            case RefusalReason.Removed:
                End(NodeEnd.Removed);
                break;
            case RefusalReason.Deleted:
                End(NodeEnd.Dissolved);
                break;
            default:
                RememberRefusal(refusal);
                break;
        }
    }

    private void RememberRefusal(Refusal refusal)
    {
        if (_role is not LeaderRole leader || !leader.Followers.TryGetValue(refusal.From, out var follower))
        {
            return; // Only a leader keeps asking, so only a leader has to know.
        }

        if (follower.Refusal != refusal.Reason)
        {
            _events.Add(new MessageRefused($"{follower.Member} refuses messages: {refusal.Reason}. It is member {refusal.Actual.Member} of group {refusal.Actual.Group}; remove it and let it join again."));
        }

        follower.Refused(refusal.Reason);
    }

    /// <summary>Asks whether this node is still a member: it hears no leader, and may not campaign to find out.</summary>
    private void AskForMembership()
    {
        BecomeFollower(_hard.Term);
        SendMembershipQuestions();
    }

    private void SendMembershipQuestions()
    {
        var asked = Configuration.Everyone.Select(member => member.Id).Where(id => id != _identity.Member).ToList();
        if (asked.Count == 0 && !_lastLeader.IsNone)
        {
            asked.Add(_lastLeader); // Admitted, and removed before the first entry came: nobody else is known here.
        }

        foreach (var member in asked)
        {
            Send(new MembershipQuestion { To = member });
        }
    }

    /// <summary>The end of the group is about to be applied here. The others hear that it is committed, so that they apply it too.</summary>
    private void DissolutionCommitted()
    {
        if (_role is LeaderRole leader)
        {
            SendHeartbeats(leader);
        }

        End(NodeEnd.Dissolved);
    }

    private void End(NodeEnd end)
    {
        LeaveRole(_hard.Term, LeadershipEndCause.Ended);
        _role = new FollowerRole();
        _end = end;
        AbandonCallers(LogIndex.Zero);

        ReportChanges();
    }
}
