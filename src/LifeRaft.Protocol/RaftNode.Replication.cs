namespace LifeRaft.Protocol;

/// <summary>The leader's side of replication and the commit rule (Raft paper, 5.3 and 5.4.2).</summary>
public sealed partial class RaftNode
{
    /// <summary>
    /// Proposes a command. The caller's token comes back with the entry in <see cref="Ready.Apply"/> once it is committed, or in an
    /// <see cref="Answer"/> that says why not.
    /// </summary>
    /// <param name="caller">A token that the protocol hands back.</param>
    /// <param name="payload">The command.</param>
    /// <param name="unixMilliseconds">The wall clock, as data for the state machine.</param>
    /// <param name="now">The monotonic time.</param>
    /// <param name="clock">The group's elapsed time, as data for the state machine.</param>
    public void Propose(object caller, ReadOnlySpan<byte> payload, long unixMilliseconds, TimeSpan now, TimeSpan clock = default) =>
        Propose(EntryKind.Command, caller, payload, unixMilliseconds, now, clock);

    /// <summary>Proposes a command of a client session, or a change of one. What a session adds to a command does not count against its bound.</summary>
    public void ProposeInSession(object caller, ReadOnlySpan<byte> payload, long unixMilliseconds, TimeSpan now, TimeSpan clock = default) =>
        Propose(EntryKind.SessionCommand, caller, payload, unixMilliseconds, now, clock);

    /// <summary>Proposes that time passes for the state machine.</summary>
    public void ProposeTick(object caller, long unixMilliseconds, TimeSpan now, TimeSpan clock) =>
        Propose(EntryKind.Tick, caller, [], unixMilliseconds, now, clock);

    /// <summary>Proposes the end of the group.</summary>
    public void Dissolve(object caller, long unixMilliseconds, TimeSpan now) =>
        Propose(EntryKind.Dissolution, caller, [], unixMilliseconds, now, default);

    private void Propose(EntryKind kind, object caller, ReadOnlySpan<byte> payload, long unixMilliseconds, TimeSpan now, TimeSpan clock)
    {
        if (!Accepts(caller, now, isProposal: true))
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
        else if (payload.Length > _settings.MaximumCommandBytes + (kind == EntryKind.SessionCommand ? RaftSettings.SessionBytes : 0))
        {
            AnswerNow(caller, Outcome.TooLarge);
        }
        else if (leader.UncommittedBytes + payload.Length > _settings.MaximumUncommittedBytes)
        {
            AnswerNow(caller, Outcome.Overloaded);
        }
        else
        {
            Append(leader, kind, payload, unixMilliseconds, clock);
            _callers.Enqueue((_log.Last, caller));
        }
    }

    private void BecomeLeader(bool mayBreakLease)
    {
        var timings = Configuration.Timings;
        var leader = new LeaderRole(_log.Last + 1)
        {
            NextHeartbeat = _now + timings.Heartbeat,
            NextQuorumCheck = _now + timings.ElectionMax,
            CommitsFrom = mayBreakLease ? _now + timings.ElectionMin : _now,
            NextYield = _now + (timings.ElectionMax * QuietTimeoutsBeforeYielding),
            IdleSince = _now,
        };
        _role = leader;
        FollowMembership(leader, _log.Last + 1);

        // The entry of its own that a new leader must commit before it knows what is committed (Raft paper, 8).
        Append(leader, EntryKind.NoOp, [], 0);
    }

    private void Append(LeaderRole leader, EntryKind kind, ReadOnlySpan<byte> payload, long unixMilliseconds, TimeSpan clock = default)
    {
        var entry = LogEntry.Create(kind, _log.Last + 1, _hard.Term, unixMilliseconds, payload, clock);
        _log.Append(entry);
        leader.UncommittedBytes += entry.Encoded.Length;
        if (kind == EntryKind.Configuration)
        {
            _configurations.Append(entry);
            FollowMembership(leader, entry.Index);
        }
    }

    /// <summary>Everything that a leader does once per turn, whatever number of inputs the turn had.</summary>
    private void LeaderReady(LeaderRole leader)
    {
        BeginReadRound(leader);
        foreach (var follower in leader.Followers.Values)
        {
            Replicate(leader, follower);
        }
    }

    private void Replicate(LeaderRole leader, Progress follower)
    {
        if (ReplicateBySnapshot(follower))
        {
            return;
        }

        while (follower.MaySend(_settings.MaximumAppendsInFlight) && (follower.Next <= _log.Last || follower.MustProbe))
        {
            IReadOnlyList<LogEntry> entries = [];
            if (follower.Next <= _log.Last)
            {
                var cached = _log.Cached(follower.Next, _log.Last, _settings.MaximumBytesPerAppend);
                if (cached is null)
                {
                    follower.IsReading = true;
                    var last = LogIndex.Min(_log.FirstCached - 1, _log.Durable);
                    ReadFromDisk(new LogRead(follower.Next, last, _settings.MaximumBytesPerAppend, follower.Member.Id, _hard.Term));
                    return;
                }

                entries = cached;
            }

            SendAppend(follower, entries);
        }

        AskTransferTarget(leader, follower);
    }

    private void SendAppend(Progress follower, IReadOnlyList<LogEntry> entries)
    {
        var previous = follower.Next - 1;
        Send(new AppendRequest
        {
            To = follower.Member.Id,
            PreviousIndex = previous,
            PreviousTerm = _log.TermAt(previous),
            Entries = entries,
            Commit = _commit,
            IsProbe = follower.IsProbing,
        });
        follower.Sent(previous + entries.Count);
    }

    private void SendEntriesRead(LogRead read, MemberId id, IReadOnlyList<LogEntry> entries)
    {
        if (_role is not LeaderRole leader || !leader.Followers.TryGetValue(id, out var follower) || read.Term != _hard.Term)
        {
            return;
        }

        follower.IsReading = false;
        if (follower.Next == read.First && follower.MaySend(_settings.MaximumAppendsInFlight))
        {
            SendAppend(follower, entries);
        }
    }

    private void OnAppendResponse(AppendResponse response)
    {
        if (_role is not LeaderRole leader || !leader.Followers.TryGetValue(response.From, out var follower))
        {
            return; // From before this node led, or from one who is no member any more.
        }

        follower.LastHeard = _now;
        if (response.IsConflict)
        {
            follower.Conflicted(response.RejectedIndex, _log.LastAtOrBelow(response.HintIndex, response.HintTerm));
            return;
        }

        Acknowledge(leader, follower, response.Match);
    }

    private void OnHeartbeatResponse(HeartbeatResponse response)
    {
        if (_role is not LeaderRole leader || !leader.Followers.TryGetValue(response.From, out var follower))
        {
            return; // As above.
        }

        follower.LastHeard = _now;
        follower.ConfirmedRound = Math.Max(follower.ConfirmedRound, response.Round);
        follower.HeardHeartbeat(response.Round, response.Verified);
        follower.Priority = response.Priority;
        if (response.Match > follower.Match || (follower.IsProbing && response.Match == _log.Last))
        {
            // Where there is nothing to send, no probe would tell that none is needed.
            Acknowledge(leader, follower, response.Match);
        }

        if (_role == leader)
        {
            ConfirmRounds(leader);
            HearWhetherQuiet(leader, follower, response);
        }
    }

    private void Acknowledge(LeaderRole leader, Progress follower, LogIndex match)
    {
        if (match > _log.Last)
        {
            throw new RaftInvariantException($"{follower.Member} acknowledged entry {match} in term {_hard.Term}, but its leader's log ends at {_log.Last}: this leader's disk has forgotten entries.");
        }

        follower.Acknowledged(match);
        AdvanceCommit(leader);
        if (_role == leader)
        {
            PromoteLearner(leader, follower); // A leader that has just committed its own removal leads no more.
        }
    }

    /// <summary>
    /// An entry is committed when a majority holds it durably and it is of the leader's own term; earlier ones are committed with
    /// it (Raft paper, 5.4.2, Figure 8). The leader itself counts with what is on its own disk.
    /// </summary>
    private void AdvanceCommit(LeaderRole leader)
    {
        var reached = new LogIndex(Quorum.Reached(Configuration, (Node: this, leader), static (context, id) =>
            id == context.Node._identity.Member ? context.Node._log.Durable.Value
            : context.leader.Followers.TryGetValue(id, out var follower) ? follower.Match.Value : 0));
        if (reached <= _commit || _log.TermAt(reached) != _hard.Term || _now < leader.CommitsFrom)
        {
            return;
        }

        leader.UncommittedBytes -= _log.CachedBytesOf(LogIndex.Max(_commit + 1, leader.FirstOwn), reached);
        CommitTo(reached);
        if (_role == leader)
        {
            AfterCommit(leader);
        }
    }

    private void CommitTo(LogIndex index)
    {
        _commit = index;
        while (_configurations.TryCommitNext(_commit, out var before, out var after))
        {
            ReportMembershipChange(before, after);
            ConfigurationCommitted(_configurations.CommittedIndex, after);
        }
    }

    private void AbandonLeadership(LeaderRole leader)
    {
        AbandonReads(leader);
        foreach (var change in leader.Changes)
        {
            AnswerNow(change.Caller, Outcome.Unknown);
        }

        if (leader.Transfer?.Caller is { } transferring)
        {
            AnswerNow(transferring, Outcome.Done);
        }
    }

    /// <summary>
    /// The callers of entries from there on learn that the outcome is unknown. A leader that is deposed does not do so at once: its entries
    /// are mostly in the log of the next one, and then each caller gets its result from here. When an entry is overwritten it may still
    /// become committed elsewhere, and when nobody leads nobody can tell.
    /// </summary>
    private void AbandonCallers(LogIndex from)
    {
        for (var left = _callers.Count; left > 0; left--)
        {
            var waiting = _callers.Dequeue();
            if (waiting.Index < from)
            {
                _callers.Enqueue(waiting);
            }
            else
            {
                AnswerNow(waiting.Caller, Outcome.Unknown);
            }
        }
    }

    /// <summary>Starts a request; a node that has ended answers it and nothing else.</summary>
    private bool Accepts(object caller, TimeSpan now, bool isProposal = false)
    {
        if (Begin(now))
        {
            if (isProposal && _role is LeaderRole leader)
            {
                WakeByAppend(leader);
            }
            else
            {
                WakeForRequest();
            }

            return true;
        }

        AnswerNow(caller, Outcome.Stopped);
        return false;
    }

    private void AnswerNow(object caller, Outcome outcome) => _answers.Add(new Answer(caller, outcome, Configuration.Find(Leader)));
}
