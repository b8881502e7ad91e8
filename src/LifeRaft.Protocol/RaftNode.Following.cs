namespace LifeRaft.Protocol;

/// <summary>The follower's side of replication (Raft paper, 5.3 and Figure 2, "AppendEntries RPC").</summary>
public sealed partial class RaftNode
{
    /// <summary>The leader that was heard last, in whatever term.</summary>
    private MemberId _lastLeader;

    private void OnAppendRequest(AppendRequest request)
    {
        var follower = Follow(request.From);
        if (request.PreviousIndex > _log.Last && TryKeepEarly(follower, request))
        {
            return;
        }

        Accept(follower, request);
        while (follower.Early.Find(early => early.PreviousIndex <= _log.Last) is { } next)
        {
            follower.Early.Remove(next);
            Accept(follower, next);
        }
    }

    private void OnHeartbeatRequest(HeartbeatRequest request)
    {
        var follower = Follow(request.From);
        CommitVerified(follower, request.Commit);
        _freshness.Said(request.Commit, _now, _applied);
        HearWhetherQuiet(follower, request);
        AnswerHeartbeat(follower, request.From, request.Round, request.Correlation);
    }

    private void AnswerHeartbeat(FollowerRole follower, MemberId leader, long round, long correlation) => Send(new HeartbeatResponse
    {
        To = leader,
        Round = round,
        Verified = follower.Verified,
        Match = IsHardStateDurable ? LogIndex.Min(follower.Verified, _log.Durable) : LogIndex.Zero,
        IsQuiet = follower.IsQuiet,
        Priority = LeaderPriority,
        Correlation = correlation,
    });

    /// <summary>There is a leader in this term: whatever this node was, it follows, and its election timer starts anew.</summary>
    private FollowerRole Follow(MemberId leader)
    {
        if (_role is LeaderRole)
        {
            throw new RaftInvariantException($"Two leaders in term {_hard.Term}: {leader} and this node, {_identity.Member} (Raft paper, Figure 3, Election Safety).");
        }

        if (_role is not FollowerRole follower)
        {
            _role = follower = new FollowerRole();
        }

        if (!follower.Leader.IsNone && follower.Leader != leader)
        {
            throw new RaftInvariantException($"Two leaders in term {_hard.Term}: {follower.Leader} and {leader} (Raft paper, Figure 3, Election Safety).");
        }

        follower.Leader = _lastLeader = leader;
        _leaderHeardAt = _now;
        ResetElectionTimer();
        return follower;
    }

    private void Accept(FollowerRole follower, AppendRequest request)
    {
        if (!_log.Matches(request.PreviousIndex, request.PreviousTerm))
        {
            // A jump to where the logs may agree: every entry that is newer than the leader's at that place is passed over at once.
            Send(Conflict(request, _log.LastAtOrBelow(request.PreviousIndex - (request.PreviousIndex > _log.Last ? 0 : 1), request.PreviousTerm)));
            return;
        }

        foreach (var entry in request.Entries)
        {
            AcceptEntry(entry);
        }

        // What was compacted away is committed, and so in the log of every later leader.
        follower.Verified = LogIndex.Max(follower.Verified, LogIndex.Max(request.LastIndex, request.PreviousIndex < _log.Base.Index ? _log.Base.Index : LogIndex.Zero));
        if (request.Correlation == 0)
        {
            follower.OwesAcknowledgement = true;
        }
        else
        {
            follower.Correlated.Add(request);
        }

        CommitVerified(follower, request.Commit);
    }

    private void AcceptEntry(LogEntry entry)
    {
        if (_log.Matches(entry.Index, entry.Term))
        {
            return; // Here already. What follows it stays: a late append must not shorten the log (raft-scenarios 24).
        }

        if (entry.Index <= _log.Last)
        {
            if (entry.Index <= _commit)
            {
                throw new RaftInvariantException($"The leader of term {_hard.Term} sent {entry}, but entry {entry.Index} of term {_log.TermAt(entry.Index)} is committed (Raft paper, Figure 3, Leader Completeness).");
            }

            AbandonCallers(entry.Index);
            _log.TruncateFrom(entry.Index);
            _configurations.TruncateFrom(entry.Index);
        }

        _log.Append(entry);
        if (entry.Kind == EntryKind.Configuration)
        {
            _configurations.Append(entry);
        }
    }

    private AppendResponse Conflict(AppendRequest request, LogIndex hint) => new()
    {
        To = request.From,
        IsConflict = true,
        RejectedIndex = request.PreviousIndex,
        HintIndex = hint,
        HintTerm = hint < _log.Base.Index ? Term.Zero : _log.TermAt(hint),
        Correlation = request.Correlation,
    };

    private void CommitVerified(FollowerRole follower, LogIndex leaderCommit)
    {
        var commit = LogIndex.Min(leaderCommit, follower.Verified);
        if (commit > _commit)
        {
            CommitTo(commit);
        }
    }

    /// <summary>Keeps an append whose predecessors are still on their way. Probes ask about the end of the log, and get their answer.</summary>
    private bool TryKeepEarly(FollowerRole follower, AppendRequest request)
    {
        if (request.IsProbe || request.Correlation != 0 || follower.Early.Count >= _settings.MaximumAppendsInFlight)
        {
            return false;
        }

        if (follower.Early.Count == 0)
        {
            follower.EarlyDeadline = _now + (Configuration.Timings.Heartbeat / 2);
        }

        follower.Early.Add(request);
        return true;
    }

    private void GiveUpEarlyAppends(FollowerRole follower)
    {
        if (follower.Early.Count == 0 || _now < follower.EarlyDeadline)
        {
            return;
        }

        var first = follower.Early.MinBy(early => early.PreviousIndex)!;
        follower.Early.Clear();
        Accept(follower, first);
    }

    /// <summary>
    /// Acknowledges what is both the leader's and durable, and only once the term itself is durable: after a crash this node must
    /// not accept entries of an older leader over those it acknowledged (raft-scenarios 17 and 18).
    /// </summary>
    private void AcknowledgeWhatIsDurable(FollowerRole follower)
    {
        if (!IsHardStateDurable)
        {
            return;
        }

        var match = LogIndex.Min(follower.Verified, _log.Durable);
        if (follower.OwesAcknowledgement && (match == follower.Verified || match > follower.LastAcknowledged))
        {
            Send(new AppendResponse { To = follower.Leader, Match = match });
            follower.LastAcknowledged = match;
            follower.OwesAcknowledgement = match < follower.Verified;
        }

        foreach (var request in follower.Correlated.FindAll(request => request.LastIndex <= match))
        {
            Send(new AppendResponse { To = request.From, Match = request.LastIndex, Correlation = request.Correlation });
            follower.Correlated.Remove(request);
        }
    }
}
