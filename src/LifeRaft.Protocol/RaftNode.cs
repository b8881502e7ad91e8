namespace LifeRaft.Protocol;

/// <summary>
/// One member of one Raft group, as a function of its inputs: time, messages, requests and the news that something is durable,
/// read or applied go in; <see cref="TakeReady"/> says what the host owes for it. It is not thread-safe, and all its times are
/// readings of one monotonic clock.
/// </summary>
public sealed partial class RaftNode
{
    private readonly RaftSettings _settings;
    private readonly Random _random;
    private readonly RaftLog _log;
    private readonly ConfigurationHistory _configurations = new();
    private TimeSpan _now;
    private NodeIdentity _identity;
    private HardState _hard;
    private Role _role = new FollowerRole();
    private RaftState _reportedState = RaftState.Follower;
    private MemberId _reportedLeader;
    private LogIndex _commit;
    private LogIndex _applied;
    private NodeEnd? _end;

    /// <summary>Continues a node with what its disk holds.</summary>
    /// <param name="settings">Bounds.</param>
    /// <param name="restored">
    /// What is stored; <see cref="RestoredNode.Blank"/> for a new node. The state machine was loaded from the snapshot, if there is one.
    /// </param>
    /// <param name="random">The only source of chance.</param>
    /// <param name="now">The monotonic time.</param>
    public RaftNode(RaftSettings settings, RestoredNode restored, Random random, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(restored);
        _settings = settings;
        LeaderPriority = settings.LeaderPriority;
        _random = random;
        _now = now;
        _identity = _durableIdentity = restored.Identity;
        _hard = _durableHard = restored.HardState;
        _log = new RaftLog(restored.Base, restored.Last, restored.TermStarts, settings.CachedBytes);
        if (restored.Snapshot is { } snapshot)
        {
            _snapshot = snapshot;
            _commit = _applied = _handedOut = snapshot.Index;
            _configurations.ReplaceBy(snapshot);
        }

        foreach (var entry in restored.Configurations.Where(entry => entry.Index > _configurations.CurrentIndex))
        {
            _configurations.Append(entry);
        }

        _readQuestions = random.NextInt64();
        if (settings.GuardsLeaseAfterStart && !_identity.IsBlank)
        {
            _leaderHeardAt = now;
        }

        _reportedState = State;
        _before = Snapshot();
        ResetElectionTimer();
        EndIfRemovedBySnapshot();
        CheckInvariants();
    }

    /// <summary>Who this node is.</summary>
    public NodeIdentity Identity => _identity;

    /// <summary>Its state.</summary>
    public RaftState State => _role switch
    {
        _ when _end is not null => RaftState.Stopped,
        LeaderRole => RaftState.Leader,
        CandidateRole { IsPreVote: false } => RaftState.Candidate,
        _ => IsVoter ? RaftState.Follower : RaftState.Child,
    };

    /// <summary>Its term.</summary>
    public Term Term => _hard.Term;

    /// <summary>The leader of the term, as far as this node knows; <see cref="MemberId.None"/> otherwise.</summary>
    public MemberId Leader => _role switch
    {
        LeaderRole => _identity.Member,
        FollowerRole follower => follower.Leader,
        _ => MemberId.None,
    };

    /// <summary>The configuration in force, committed or not.</summary>
    public GroupConfiguration Configuration => _configurations.Current;

    /// <summary>The last entry that this node knows to be committed.</summary>
    public LogIndex Commit => _commit;

    /// <summary>The last entry that was applied.</summary>
    public LogIndex AppliedIndex => _applied;

    /// <summary>Whether it leads and everything that other leaders have left in its log is applied.</summary>
    public bool HasAppliedEarlierTerms => _role is LeaderRole leader && _applied + 1 >= leader.FirstOwn;

    /// <summary>Whether it leads and has applied an entry of its own term: it has seen all that was committed before.</summary>
    public bool HasAppliedOwnTerm => _role is LeaderRole leader && _applied >= leader.FirstOwn;

    /// <summary>On a leader: what it knows of each other member; empty on others.</summary>
    public IEnumerable<FollowerStatus> Followers => _role is LeaderRole leader ? leader.Followers.Values.Select(Look) : [];

    private bool IsVoter => Configuration.IsVoter(_identity.Member);

    /// <summary>A look at everything.</summary>
    public RaftStatus Status() => new(
        _identity, State, _hard.Term, _hard.VotedFor, Leader, _log.Last, _log.LastTerm, _log.Durable, _commit, _applied, Configuration,
        [.. Followers],
        _leaderHeardAt > TimeSpan.MinValue ? _leaderHeardAt : null,
        _role is LeaderRole || IsQuiet || _identity.IsBlank || !MayBeNeeded ? null : _electionDeadline,
        ElectionTimeout,
        _log.TermStarts)
    {
        IsQuiet = IsQuiet,
    };

    private FollowerStatus Look(Progress progress) =>
        new(progress.Member, progress.Match, IsHeard(progress), progress.Refusal, progress.LastHeard, progress.Snapshot?.Share);

    /// <summary>On a leader: how far the others are behind, for the price of a look at each. Nothing elsewhere.</summary>
    public ReplicationLag Lag()
    {
        var lag = default(ReplicationLag);
        if (_role is LeaderRole leader)
        {
            foreach (var follower in leader.Followers.Values)
            {
                lag = lag.And(_log.Last - follower.Match, IsHeard(follower));
            }
        }

        return lag;
    }

    /// <summary>A message has arrived.</summary>
    public void Step(RaftMessage message, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (!Begin(now))
        {
            return;
        }

        if (MessageRules.ProblemOf(message) is { } problem)
        {
            _events.Add(new MessageRefused($"A {message.GetType().Name} from {message.From} is impossible. {problem}"));
        }
        else if (message is Refusal refusal)
        {
            OnRefusal(refusal);
        }
        else if (IsForMe(message))
        {
            Dispatch(message);
        }

        Finish();
    }

    /// <summary>Time has passed. Call it at <see cref="NextDeadline"/>, after everything that has arrived was stepped.</summary>
    public void Tick(TimeSpan now)
    {
        if (!Begin(now) || IsQuiet)
        {
            return;
        }

        switch (_role)
        {
            case LeaderRole leader:
                TickLeader(leader);
                break;
            case FollowerRole follower:
                GiveUpEarlyAppends(follower);
                TickElection();
                break;
            default:
                TickElection();
                break;
        }

        Finish();
    }

    /// <summary>When <see cref="Tick"/> is next of use.</summary>
    public TimeSpan NextDeadline => _role switch
    {
        _ when _end is not null || _identity.IsBlank || IsQuiet => TimeSpan.MaxValue,
        LeaderRole leader => NextLeaderDeadline(leader),
        FollowerRole follower => NextFollowerDeadline(follower),
        _ => _electionDeadline,
    };

    private TimeSpan NextFollowerDeadline(FollowerRole follower)
    {
        var next = follower.Early.Count > 0 ? Earlier(follower.EarlyDeadline, _electionDeadline) : _electionDeadline;
        return follower.Reads.Asked.Count > 0 ? Earlier(follower.Reads.Deadline, next) : next;
    }

    // Each pair of role and message has its place in the partial file of its subject; a message that the present role does not
    // expect is answered there, or dropped there with the reason beside it.
    private void Dispatch(RaftMessage message)
    {
        WakeFor(message);
        if (!ObserveTerm(message))
        {
            return;
        }

        switch (message)
        {
            case VoteRequest request:
                OnVoteRequest(request);
                break;
            case VoteResponse response:
                OnVoteResponse(response);
                break;
            case AppendRequest request:
                OnAppendRequest(request);
                break;
            case AppendResponse response:
                OnAppendResponse(response);
                break;
            case HeartbeatRequest request:
                OnHeartbeatRequest(request);
                break;
            case HeartbeatResponse response:
                OnHeartbeatResponse(response);
                break;
            case SnapshotRequest request:
                OnSnapshotRequest(request);
                break;
            case SnapshotResponse response:
                OnSnapshotResponse(response);
                break;
            case ReadIndexRequest request:
                OnReadIndexRequest(request);
                break;
            case ReadIndexResponse response:
                OnReadIndexResponse(response);
                break;
            case TimeoutNow:
                OnTimeoutNow();
                break;
            case MembershipQuestion:
                break; // Only one who was removed is answered, and IsForMe has done that.
            default:
                throw new RaftInvariantException($"A message of the type {message.GetType()} is not part of the protocol.");
        }
    }

    /// <summary>
    /// The rule for all servers (Raft paper, 5.1): a newer term makes a follower, an older one is answered with the present one.
    /// Returns whether the message is to be handled.
    /// </summary>
    private bool ObserveTerm(RaftMessage message)
    {
        if (message is VoteRequest { IsPreVote: true } or VoteResponse { IsPreVote: true } or MembershipQuestion)
        {
            // Pre-votes speak of a term that may never be (thesis, 9.6); their handlers compare by themselves.
            return true;
        }

        if (message.Term > _hard.Term)
        {
            if (message is VoteRequest { IsDeliberate: false } && HearsLeader)
            {
                // The lease of CheckQuorum: while there is a leader, nobody deposes it by campaigning (thesis, 4.2.3).
                return true;
            }

            BecomeFollower(message.Term);
            return true;
        }

        if (message.Term < _hard.Term)
        {
            AnswerOlderTerm(message);
            return false;
        }

        return true;
    }

    private void AnswerOlderTerm(RaftMessage message)
    {
        switch (message)
        {
            case VoteRequest request:
                Send(new VoteResponse { To = request.From, Correlation = request.Correlation, Granted = false, RequestTerm = request.Term });
                _events.Add(new VoteAnswered(request, Granted: false));
                break;
            case AppendRequest request:
                Send(Conflict(request, LogIndex.Zero));
                break;
            case HeartbeatRequest request:
                Send(new HeartbeatResponse { To = request.From, Correlation = request.Correlation, Round = 0, Verified = default, Match = default });
                break;
            case ReadIndexRequest request:
                Send(new ReadIndexResponse { To = request.From, Id = request.Id, Index = LogIndex.Zero, IsRefused = true });
                break;
            default:
                return; // A late answer, or a late request to campaign, of a term that is over.
        }

        _events.Add(new MessageRefused($"A message of term {message.Term} arrived, but the term is {_hard.Term}."));
    }

    private void BecomeFollower(Term term, LeadershipEndCause cause = LeadershipEndCause.HigherTerm)
    {
        var led = _hard.Term;
        if (term > _hard.Term)
        {
            ChangeTerm(term, MemberId.None);
        }

        LeaveRole(led, cause);
        _role = new FollowerRole();
        ResetElectionTimer();
    }

    private void ChangeTerm(Term term, MemberId votedFor)
    {
        _events.Add(new TermChanged(term, _hard.Term));
        _hard = new HardState(term, votedFor);

        // What was to be said in the older term once it was durable: nobody waits for it any more, and said now it would be false.
        _heldForHardState.Clear();
    }

    private void LeaveRole() => LeaveRole(_hard.Term, LeadershipEndCause.HigherTerm);

    private void LeaveRole(Term led, LeadershipEndCause cause)
    {
        if (_role is LeaderRole leader)
        {
            if (leader.Transfer is { IsAsked: true } transfer && cause == LeadershipEndCause.HigherTerm)
            {
                (cause, _handedOverUntil) = (LeadershipEndCause.HandedOver, transfer.Deadline);
            }

            _events.Add(new LeadershipEnded(led, cause));
            _role = new FollowerRole(); // Before the callers are answered: they are not to be sent here again.
            AbandonLeadership(leader);
        }
        else if (_role is FollowerRole follower)
        {
            AbandonReads(follower);
        }
    }

    private bool Begin(TimeSpan now)
    {
        _now = now > _now ? now : _now;
        return _end is null;
    }

    private void Finish()
    {
        ReportChanges();
        CheckInvariants();
    }

    private void ReportChanges()
    {
        var leader = Leader;
        if (leader != _reportedLeader)
        {
            _events.Add(new LeaderChanged(leader, _reportedLeader));
            _reportedLeader = leader;
        }

        var state = State;
        if (state != _reportedState)
        {
            _events.Add(new StateChanged(state, _reportedState));
            _reportedState = state;
        }
    }

    private static TimeSpan Earlier(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
