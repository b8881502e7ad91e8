namespace LifeRaft.Protocol;

/// <summary>
/// Groups that have nothing to do are quiet: no heartbeats, no timers. The leader asks by a heartbeat, each follower that has everything
/// agrees, and when all who are there have, the leader is quiet as well. From then on the hosts stand for each other: while each hears that
/// the other lives, so do its nodes, and a host says so when it hears one no more (<see cref="HostLost"/>) or when the other says that one
/// of its nodes has ended (<see cref="Wake"/>).
/// <para>
/// Safety does not rest on it. A vote, a commit, a read and a lease take what they take in any group, and a host that is wrong, late, or
/// never says anything can make a group wait, no more. Of the lease: it rests on the promise of who answered a heartbeat to vote for nobody
/// for ElectionMin. That promise runs from <see cref="_leaderHeardAt"/>, which only a message of a leader sets and which never goes back,
/// so being quiet prolongs it and waking does not shorten it. And the leader gives its lease up before it asks: the rounds by which it
/// asks confirm none, and no other is sent before it wakes or asks no more; so there is nothing that could outlive a promise.
/// </para>
/// <para>
/// Nobody stays quiet for want of a message. A leader that wakes sends heartbeats, again and again. A leader that is deposed is a follower
/// that is not quiet, so it campaigns when it hears no other; and what a candidate asks wakes a quiet follower, which asks its leader for
/// a heartbeat and denies what was asked for as long as that may take (<see cref="_leaderVouchedForAt"/>).
/// </para>
/// </summary>
public sealed partial class RaftNode
{
    /// <summary>A follower that was not heard for so many election timeouts is not there, and keeps the others awake no longer.</summary>
    private const int TimeoutsUntilAbsent = 4;

    /// <summary>
    /// When this node was woken from trusting its leader's host, or when that host was last heard: until ElectionMin later it denies votes
    /// that are not deliberate, so that a live leader is not deposed. No promise rests on it, so it may go back.
    /// </summary>
    private TimeSpan _leaderVouchedForAt = TimeSpan.MinValue;

    /// <summary>
    /// Whether the node sends nothing, waits for nothing, and relies on its host to watch those of <see cref="QuietPeers"/>.
    /// </summary>
    public bool IsQuiet => _end is null && _role is LeaderRole { IsQuiet: true } or FollowerRole { IsQuiet: true };

    /// <summary>
    /// Whose hosts this node's host must hear, and be heard by, while the node is quiet: the leader's, or the followers', also of those that
    /// are not there, for they may hear and not be heard.
    /// </summary>
    public IEnumerable<Member> QuietPeers => _role switch
    {
        LeaderRole { IsQuiet: true } leader => leader.Followers.Values.Select(follower => follower.Member),
        FollowerRole { IsQuiet: true } follower when Configuration.Find(follower.Leader) is { } leader => [leader],
        _ => [],
    };

    /// <summary>Whether somebody here needs the heartbeats, so that the node does not go quiet. One that is so wakes by <see cref="Wake"/>.</summary>
    public bool StaysAwake { get; set; }

    /// <summary>
    /// Something may have happened elsewhere that this node would have noticed had it not been quiet; or somebody here wants to know how
    /// fresh its state is. A leader sends heartbeats, a follower asks for one and waits for an election timeout. Nothing for who is awake.
    /// </summary>
    public void Wake(TimeSpan now)
    {
        if (!Begin(now) || !IsQuiet)
        {
            return;
        }

        WakeForRequest();
        Finish();
    }

    /// <summary>
    /// The member's host is not heard any more. A follower of that member campaigns when it would have, had it heard heartbeats until then;
    /// a leader goes on without it, and wakes when those whose hosts are left are no majority.
    /// </summary>
    /// <param name="member">Whose host.</param>
    /// <param name="lastHeardAt">When it was heard last.</param>
    /// <param name="now">The monotonic time.</param>
    public void HostLost(MemberId member, TimeSpan lastHeardAt, TimeSpan now)
    {
        if (!Begin(now) || !IsQuiet)
        {
            return;
        }

        if (_role is LeaderRole leader)
        {
            LoseFollower(leader, member, lastHeardAt);
        }
        else if (_role is FollowerRole follower && follower.Leader == member)
        {
            follower.IsQuiet = false;
            ResetElectionTimer();
            _leaderVouchedForAt = lastHeardAt;
            _electionDeadline = ElectionTimeout + (lastHeardAt > _leaderHeardAt ? lastHeardAt : _leaderHeardAt);
        }

        Finish();
    }

    private void LoseFollower(LeaderRole leader, MemberId member, TimeSpan lastHeardAt)
    {
        if (!leader.Followers.TryGetValue(member, out var follower))
        {
            return;
        }

        (follower.IsAbsent, follower.LastHeard) = (true, lastHeardAt);
        if (!IsMajorityHeard(leader, Configuration))
        {
            WakeLeader(leader); // CheckQuorum decides.
        }
    }

    private bool MayAskToBeQuiet(LeaderRole leader) =>
        _now - leader.IdleSince >= Configuration.Timings.Heartbeat
        && _now >= leader.QuietNotBefore
        && HaveHeardOfCommit(leader)
        && MayGoQuiet(leader);

    /// <summary>Who is asked before it knows what is committed, and has applied it, can only say no.</summary>
    private bool HaveHeardOfCommit(LeaderRole leader) => leader.SaidCommit == _commit
        && leader.Followers.Values.All(follower => follower.ConfirmedRound >= leader.SaidCommitRound || IsAwayForLong(follower));

    /// <summary>
    /// Answers may be late, or lost. They are waited for, asking on, since to stay awake is what makes a silo of many groups late; but not if
    /// somebody has said no.
    /// </summary>
    private bool MayAskAgain(LeaderRole leader) =>
        _now - leader.AskedSince < Configuration.Timings.ElectionMax
        && leader.Followers.Values.All(follower => follower.AwakeRound < leader.QuietRound || Agrees(leader, follower))
        && MayGoQuiet(leader);

    /// <summary>Nothing is under way, nothing is owed, and everybody who is there has everything.</summary>
    private bool MayGoQuiet(LeaderRole leader)
    {
        var isIdle = _settings.GoesQuiet && !StaysAwake
            && leader.Transfer is null
            && leader.Reads.Count + leader.ConfirmedReads.Count + leader.Changes.Count == 0;
        return isIdle && HasEverything && _applied == _commit
            && IsMembershipSettled(leader)
            && IsMajorityHeard(leader, Configuration)
            && leader.Followers.Values.All(follower => !follower.Member.BecomesVoter && (IsAwayForLong(follower) || IsAtRest(follower)));
    }

    /// <summary>
    /// Somebody did not agree in time: it is asked again, but not soon. Each time the lease is given up, and who stays awake would take it
    /// from the group for every second heartbeat.
    /// </summary>
    private void DeferQuietAfterDissent(LeaderRole leader)
    {
        if (leader.QuietRound is not null)
        {
            leader.QuietNotBefore = _now + Configuration.Timings.ElectionMax;
        }
    }

    private bool HasEverything => _commit == _log.Last && _log.Durable == _log.Last && IsHardStateDurable && _inFlight is null;

    /// <summary>One that would rather lead is waited for until leadership was handed to it.</summary>
    private bool IsAtRest(Progress follower) =>
        IsHeard(follower) && follower.Match == _log.Last && follower is { IsProbing: false, Snapshot: null, Refusal: null }
        && (follower.Priority <= LeaderPriority || !Configuration.IsVoter(follower.Member.Id));

    private bool IsAwayForLong(Progress follower) => _now - follower.LastHeard > Configuration.Timings.ElectionMax * TimeoutsUntilAbsent;

    /// <summary>The lease is given up first: what the followers promise by their answers, no lease rests on.</summary>
    private void AskToBeQuiet(LeaderRole leader)
    {
        leader.Lease.Suspend();
        BeginRound(leader);
        if (leader.QuietRound is null)
        {
            (leader.QuietRound, leader.AskedSince) = (leader.Round, _now);
        }

        SendRound(leader); // Also to who is not there: it may hear, and not be heard.
        BeQuietIfAllAgree(leader);
    }

    private void HearWhetherQuiet(LeaderRole leader, Progress follower, HeartbeatResponse response)
    {
        if (response.IsQuiet)
        {
            follower.QuietRound = Math.Max(follower.QuietRound, response.Round);
            follower.IsAbsent &= !Agrees(leader, follower);
            BeQuietIfAllAgree(leader);
            return;
        }

        follower.AwakeRound = Math.Max(follower.AwakeRound, response.Round);
        if (response.Round == 0 || (leader.IsQuiet && response.Round >= leader.QuietRound && !Agrees(leader, follower)))
        {
            WakeLeader(leader); // It is quiet no more, or was there all the time and does not agree.
        }
    }

    /// <summary>Whether the follower agreed to be quiet since it was asked, and has not said anything else since.</summary>
    private static bool Agrees(LeaderRole leader, Progress follower) => follower.QuietRound >= leader.QuietRound && follower.QuietRound > follower.AwakeRound;

    private void BeQuietIfAllAgree(LeaderRole leader)
    {
        if (leader.QuietRound is null || leader.IsQuiet || !leader.Followers.Values.All(follower => Agrees(leader, follower) || IsAwayForLong(follower)))
        {
            return;
        }

        foreach (var follower in leader.Followers.Values)
        {
            follower.IsAbsent = !Agrees(leader, follower);
        }

        leader.IsQuiet = true;
        _log.ForgetCached(); // Of thousands of quiet nodes none holds in memory what it can read from the disk.
    }

    /// <summary>A heartbeat says whether the leader wants to be quiet; one that was overtaken by a newer one says nothing.</summary>
    private void HearWhetherQuiet(FollowerRole follower, HeartbeatRequest request)
    {
        if (request.Round <= follower.Round)
        {
            return;
        }

        follower.Round = request.Round;
        follower.IsQuiet = request.IsQuiet && _settings.GoesQuiet && !StaysAwake && HasEverything && _applied == _commit
            && follower.Verified == _log.Last && request.Commit == _commit
            && follower.Early.Count == 0 && !follower.Reads.All.Any();
        if (follower.IsQuiet)
        {
            _log.ForgetCached(); // As with the leader.
        }
    }

    /// <summary>
    /// Any message is something to do, but for the heartbeats, which say themselves what they mean, for votes, which nobody here has asked
    /// for, and for those of an older term: their sender learns of the present one by the answer, and asks again if it still has to. Who may
    /// only ask whether it is a member gets none, and may be of any term.
    /// </summary>
    private void WakeFor(RaftMessage message)
    {
        switch (_role)
        {
            case var _ when message is VoteResponse || (message.Term < _hard.Term && message is not MembershipQuestion):
                break;
            case LeaderRole leader when message is not HeartbeatResponse:
                WakeLeader(leader);
                break;
            case FollowerRole { IsQuiet: true } follower when message is AppendRequest append && append.From == follower.Leader && append.LastIndex > _log.Last:
                follower.IsQuiet = false; // Its leader has something new, so it is awake as well.
                break;
            case FollowerRole { IsQuiet: true } follower when message is not HeartbeatRequest:
                WakeFollower(follower);
                break;
        }
    }

    /// <summary>Who asks a follower for what only a leader can do may have found none.</summary>
    private void WakeForRequest()
    {
        if (_role is LeaderRole leader)
        {
            WakeLeader(leader);
        }
        else if (_role is FollowerRole follower)
        {
            WakeFollower(follower);
        }
    }

    /// <summary>There is something to do. Followers that are quiet, or may be about to be, hear of it at once.</summary>
    private void WakeLeader(LeaderRole leader)
    {
        var isAsked = leader.QuietRound is not null;
        WakeByAppend(leader);
        if (isAsked)
        {
            SendHeartbeats(leader);
        }
    }

    /// <summary>There is something to append, and that is how the followers hear of it; those that do not, at the next heartbeat.</summary>
    private void WakeByAppend(LeaderRole leader)
    {
        if (leader.QuietRound is not null)
        {
            leader.QuietRound = null;
            leader.NextHeartbeat = _now + Configuration.Timings.Heartbeat;
        }

        leader.IdleSince = _now;
        if (leader.IsQuiet)
        {
            // Until now the hosts stood for the followers.
            foreach (var follower in leader.Followers.Values.Where(follower => !follower.IsAbsent))
            {
                follower.LastHeard = _now;
            }

            leader.IsQuiet = false;
            leader.NextQuorumCheck = _now + Configuration.Timings.Heartbeat;
        }
    }

    /// <summary>It asks its leader for a heartbeat, and waits for that like any follower.</summary>
    private void WakeFollower(FollowerRole follower)
    {
        if (follower.IsQuiet)
        {
            follower.IsQuiet = false;
            _leaderVouchedForAt = _now;
            ResetElectionTimer();
            AnswerHeartbeat(follower, follower.Leader, round: 0, correlation: 0);
        }
    }
}
