namespace LifeRaft.Protocol;

/// <summary>Elections (Raft paper, 5.2 and 5.4.1), with PreVote and CheckQuorum (thesis, 9.6 and 6.2).</summary>
public sealed partial class RaftNode
{
    private TimeSpan _electionDeadline;
    private bool _wasStalled;

    /// <summary>The election timeout that was drawn last.</summary>
    public TimeSpan ElectionTimeout { get; private set; }

    /// <summary>
    /// Starts an election now, without asking first whether it can be won; liferaft's <c>promote</c>. On a leader it changes nothing.
    /// </summary>
    /// <param name="caller">Gets <see cref="Outcome.Done"/> when the election has begun, or <see cref="Outcome.NotAVoter"/>.</param>
    /// <param name="now">The monotonic time.</param>
    public void Campaign(object caller, TimeSpan now)
    {
        if (!Accepts(caller, now))
        {
            return;
        }

        if (!IsVoter)
        {
            AnswerNow(caller, Outcome.NotAVoter);
        }
        else
        {
            AnswerNow(caller, Outcome.Done);
            if (_role is not LeaderRole)
            {
                BecomeCandidate(isDeliberate: true);
            }
        }

        Finish();
    }

    /// <summary>
    /// When a leader was last heard, of whatever term: until ElectionMin later nobody may depose it. A node that has just started may
    /// have heard one before.
    /// </summary>
    private TimeSpan _leaderHeardAt = TimeSpan.MinValue;

    /// <summary>
    /// Whether a leader was heard so recently that nobody may depose it. A leader hears itself: it would have stepped down. Who is quiet
    /// hears its leader's host.
    /// </summary>
    private bool HearsLeader => _role is LeaderRole || IsQuiet || IsRecent(_leaderHeardAt) || IsRecent(_leaderVouchedForAt);

    private bool IsRecent(TimeSpan heardAt) => heardAt > TimeSpan.MinValue && _now - heardAt < Configuration.Timings.ElectionMin;

    /// <summary>
    /// Whether this node campaigns when nobody leads: also when it is no voter in a configuration that may never be committed, for then
    /// nobody else may hold the log with which it is (thesis, 4.2.2).
    /// </summary>
    private bool MayBeNeeded => IsVoter || _configurations.IsOrWasVoter(_identity.Member);

    private void ResetElectionTimer()
    {
        var timings = Configuration.Timings;
        ElectionTimeout = new TimeSpan(_random.NextInt64(timings.ElectionMin.Ticks, timings.ElectionMax.Ticks + 1));
        _electionDeadline = _now + ElectionTimeout;
        _wasStalled = false;
    }

    private void TickElection()
    {
        if (_now < _electionDeadline || _identity.IsBlank)
        {
            return;
        }

        if (_now - _electionDeadline > Configuration.Timings.ElectionMin && !_wasStalled)
        {
            // So late a timer means that this process stood still, not that the leader did. What the leader sent meanwhile may be
            // on its way through our own queues: wait once more.
            ResetElectionTimer();
            _wasStalled = true;
            return;
        }

        _events.Add(new HeartbeatTimedOut());
        AbandonCallers(_commit + 1);
        if (MayBeNeeded)
        {
            BecomePreCandidate();
        }
        else
        {
            AskForMembership();
        }
    }

    private void BecomePreCandidate()
    {
        LeaveRole();
        var candidate = new CandidateRole(isPreVote: true);
        _role = candidate;
        ResetElectionTimer();
        foreach (var peer in OtherVoters())
        {
            Send(new VoteRequest { To = peer.Id, LastIndex = _log.Last, LastTerm = _log.LastTerm, IsPreVote = true });
        }

        if (!IsVoter)
        {
            SendMembershipQuestions(); // The voters that this node knows may all be gone, and a learner of then may lead.
        }

        CountVote(candidate, _identity.Member, granted: true);
    }

    private void BecomeCandidate(bool isDeliberate, bool isHandedOver = false)
    {
        LeaveRole();
        _role = new CandidateRole(isPreVote: false, isHandedOver) { MayBreakLease = isDeliberate && !isHandedOver && HearsLeader };
        ChangeTerm(_hard.Term + 1, _identity.Member);
        _events.Add(new ElectionStarted(_hard.Term, isHandedOver ? ElectionCause.HandedOver : isDeliberate ? ElectionCause.Requested : ElectionCause.LeaderSilent));
        ResetElectionTimer();

        // Neither the request nor the own vote leaves before term and vote are durable (raft-scenarios 2).
        foreach (var peer in OtherVoters())
        {
            SendWhenHardStateIsDurable(new VoteRequest { To = peer.Id, LastIndex = _log.Last, LastTerm = _log.LastTerm, IsDeliberate = isDeliberate });
        }

        SendWhenHardStateIsDurable(new VoteResponse { To = _identity.Member, Granted = true, RequestTerm = _hard.Term });
    }

    private void OnVoteRequest(VoteRequest request)
    {
        if (request.IsPreVote)
        {
            OnPreVoteRequest(request);
            return;
        }

        // Told before the role changes: by a deliberate election a leader may be deposed that was heard just now.
        var hearsLeader = HearsLeader;

        // Who asks for pre-votes is a follower still: its vote of this term is free.
        var maySpeak = request.Term == _hard.Term && _role is FollowerRole { Leader.IsNone: true } or CandidateRole { IsPreVote: true };
        var isFree = _hard.VotedFor.IsNone || _hard.VotedFor == request.From;
        var granted = maySpeak && isFree && _log.IsUpToDate(request.LastTerm, request.LastIndex);
        var answer = new VoteResponse { To = request.From, Granted = granted, HearsLeader = hearsLeader, RequestTerm = request.Term, Correlation = request.Correlation };
        _events.Add(new VoteAnswered(request, granted));
        if (!granted)
        {
            Send(answer);
            return;
        }

        _hard = _hard with { VotedFor = request.From };
        BecomeFollower(_hard.Term);
        SendWhenHardStateIsDurable(answer);
    }

    /// <summary>Says what would be granted; changes nothing here (raft-scenarios 7).</summary>
    private void OnPreVoteRequest(VoteRequest request)
    {
        var granted = request.Term >= _hard.Term
            && (request.IsDeliberate || !HearsLeader)
            && _log.IsUpToDate(request.LastTerm, request.LastIndex);
        Send(new VoteResponse { To = request.From, Granted = granted, IsPreVote = true, RequestTerm = request.Term, Correlation = request.Correlation });
    }

    private void OnVoteResponse(VoteResponse response)
    {
        if (response.IsPreVote && response.Term > _hard.Term && !response.Granted)
        {
            // The question was asked in a term that is over: join the present one, or it would be asked for ever (raft-scenarios 8).
            BecomeFollower(response.Term);
            return;
        }

        var isCurrent = _role is CandidateRole asking && asking.IsPreVote == response.IsPreVote && response.RequestTerm == _hard.Term;
        if (isCurrent)
        {
            var candidate = (CandidateRole)_role;
            candidate.MayBreakLease |= response is { Granted: true, HearsLeader: true } && !candidate.IsHandedOver;
            CountVote(candidate, response.From, response.Granted);
        }
        else if (response.Correlation != 0)
        {
            _events.Add(new MessageRefused("A vote arrived, but this node asks for none."));
        }
    }

    private void CountVote(CandidateRole candidate, MemberId voter, bool granted)
    {
        (granted ? candidate.Granted : candidate.Rejected).Add(voter);
        if (Quorum.IsReached(Configuration, candidate.Granted, static (votes, id) => votes.Contains(id)))
        {
            if (candidate.IsPreVote)
            {
                BecomeCandidate(isDeliberate: false);
            }
            else
            {
                BecomeLeader(candidate.MayBreakLease);
            }
        }
        else if (Quorum.IsBlocked(Configuration, candidate.Rejected, static (votes, id) => votes.Contains(id)))
        {
            BecomeFollower(_hard.Term);
        }
    }

    private void OnTimeoutNow()
    {
        // Only the leader of this term hands over; a target that learned of its promotion to voter late is no voter for itself yet
        // and stays quiet, and the leader's deadline ends the attempt (raft-scenarios 48).
        if (_role is FollowerRole && IsVoter)
        {
            BecomeCandidate(isDeliberate: true, isHandedOver: true);
        }
    }

    private IEnumerable<Member> OtherVoters() =>
        Configuration.Everyone.Where(member => member.Id != _identity.Member && Configuration.IsVoter(member.Id));
}
