using LifeRaft.Protocol;

namespace LifeRaft.Hosting.Tests;

/// <summary>The order in which a pump does what a node owes.</summary>
public sealed class NodePumpTests
{
    [Fact]
    public void A_timer_that_fires_a_moment_early_is_set_again()
    {
        var bench = new PumpBench();
        bench.Follow();
        var due = bench.Timer!.Value;
        bench.Time.Advance(due - TimeSpan.FromTicks(1));
        bench.Pump.Wake();
        bench.Run();
        Assert.Equal(TimeSpan.FromTicks(1), bench.Timer);
        Assert.DoesNotContain(bench.Events, nodeEvent => nodeEvent is HeartbeatTimedOut);

        bench.Time.Advance(TimeSpan.FromTicks(1));
        bench.Pump.Wake();
        bench.Run();
        Assert.Contains(bench.Events, nodeEvent => nodeEvent is HeartbeatTimedOut);
    }

    [Fact]
    public void A_deadline_that_moves_away_does_not_touch_the_timer()
    {
        var bench = new PumpBench();
        var (me, leader, group) = bench.Follow();
        var before = bench.TimerSettings;
        for (var round = 1; round <= 50; round++)
        {
            bench.Pump.Post(new MessageArrived("leader", new HeartbeatRequest { Group = group, From = leader.Id, To = me.Id, Term = new Term(1), Commit = default, Round = round }));
            bench.Run();
        }

        // Each heartbeat draws a new timeout; only one that is earlier than all before is worth a call.
        Assert.InRange(bench.TimerSettings - before, 0, 10);
    }

    [Fact]
    public void What_has_arrived_is_handled_before_a_late_timer()
    {
        var bench = new PumpBench();
        var (me, leader, group) = bench.Follow();
        bench.Time.Advance(TimeSpan.FromMilliseconds(310));
        bench.Pump.Post(new MessageArrived("leader", new HeartbeatRequest { Group = group, From = leader.Id, To = me.Id, Term = new Term(1), Commit = default, Round = 1 }));
        bench.Pump.Wake();
        bench.Run();
        Assert.DoesNotContain(bench.Events, nodeEvent => nodeEvent is HeartbeatTimedOut);
    }

    [Fact]
    public void S17_An_acknowledgement_leaves_after_the_write_and_not_before()
    {
        var bench = new PumpBench();
        var (me, leader, group) = bench.Follow();
        var entry = LogEntry.Create(EntryKind.Command, new LogIndex(2), new Term(1), 0, [1]);
        bench.Pump.Post(new MessageArrived("leader", new AppendRequest
        {
            Group = group,
            From = leader.Id,
            To = me.Id,
            Term = new Term(1),
            PreviousIndex = LogIndex.First,
            PreviousTerm = new Term(1),
            Entries = [entry],
            Commit = default,
        }));
        bench.Run();
        Assert.Equal(1, bench.WritesWaiting);
        Assert.Empty(bench.Sent);

        bench.CompleteWrite();
        var (to, message) = Assert.Single(bench.Sent);
        Assert.Equal(leader.Endpoint, to);
        Assert.Equal(new LogIndex(2), Assert.IsType<AppendResponse>(message).Match);
    }

    [Fact]
    public void A_vote_leaves_after_the_write_and_not_before()
    {
        var bench = new PumpBench();
        var (me, leader, group) = bench.Follow();
        bench.Time.Advance(TimeSpan.FromMilliseconds(151));
        bench.Pump.Post(new MessageArrived("candidate", new VoteRequest
        {
            Group = group,
            From = leader.Id,
            To = me.Id,
            Term = new Term(2),
            LastIndex = new LogIndex(5),
            LastTerm = new Term(1),
        }));
        bench.Run();
        Assert.Empty(bench.Sent);
        bench.CompleteWrite();
        Assert.True(Assert.IsType<VoteResponse>(Assert.Single(bench.Sent).Message).Granted);
    }

    [Fact]
    public async Task A_command_that_a_session_repeats_is_answered_alike_and_applied_and_told_of_once()
    {
        var bench = new PumpBench();
        bench.Found();
        var opened = bench.Propose(new SessionRequest(SessionRequestKind.Open) { Limits = new SessionLimits(60_000, 10, 10, 100) });
        bench.CompleteAllWrites();
        var session = OpenedSession.Decode(SessionReply.Decode((await opened.Reply).Result).Body.Span).Session;

        var command = new SessionRequest(SessionRequestKind.Command) { Session = session, Number = 1, Answered = 1, Command = new byte[] { 5 } };
        var callers = new[] { bench.Propose(command), bench.Propose(command) };
        bench.CompleteAllWrites();
        var again = bench.Propose(command);
        bench.CompleteAllWrites();
        foreach (var caller in callers.Append(again))
        {
            Assert.Equal([(byte)SessionOutcome.Done, 1], (await caller.Reply).Result.ToArray());
        }

        var (index, told) = Assert.Single(bench.Applied);
        Assert.Equal((session + 1, "05"), (index, Convert.ToHexString(told)));
    }

    [Fact]
    public async Task The_clock_of_sessions_is_the_leaders_own_and_not_the_wall_clock()
    {
        var bench = new PumpBench();
        bench.Found();
        var opened = bench.Propose(new SessionRequest(SessionRequestKind.Open) { Limits = new SessionLimits(9_000, 10, 10, 100) });
        bench.CompleteAllWrites();
        var session = OpenedSession.Decode(SessionReply.Decode((await opened.Reply).Result).Body.Span).Session;
        var other = bench.Propose(new SessionRequest(SessionRequestKind.Open) { Limits = new SessionLimits(9_000, 10, 10, 100) });
        bench.CompleteAllWrites();
        var alive = OpenedSession.Decode(SessionReply.Decode((await other.Reply).Result).Body.Span).Session;
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(2, bench.State.Sessions);
            bench.Time.Advance(TimeSpan.FromSeconds(3));
            bench.Propose(new SessionRequest(SessionRequestKind.KeepAlive) { Session = alive, Answered = 1 });
            bench.CompleteAllWrites();
        }

        var expired = bench.Propose(new SessionRequest(SessionRequestKind.KeepAlive) { Session = session, Answered = 1 });
        bench.CompleteAllWrites();
        Assert.Equal(SessionOutcome.Expired, SessionReply.Decode((await expired.Reply).Result).Outcome);
    }

    [Fact]
    public void A_leader_sends_entries_while_its_own_disk_works()
    {
        var bench = new PumpBench();
        bench.Found();
        var learner = bench.AddLearner();
        Acknowledge(bench, learner, bench.Pump.Node.Status().Last);
        bench.Sent.Clear();
        var caller = bench.Propose(1);
        bench.Run();
        Assert.Equal(1, bench.WritesWaiting);
        Assert.Contains(bench.Sent, sent => sent is { To: "liferaft-node/kv/bench/2@other", Message: AppendRequest { Entries.Count: 1 } });
        Assert.False(caller.Reply.IsCompleted);
        bench.CompleteWrite();
        Assert.True(caller.Reply.IsCompleted);
    }

    [Fact]
    public void What_arrives_during_a_write_is_the_next_write()
    {
        var bench = new PumpBench();
        bench.Found();
        var first = bench.Propose(1);
        bench.Run();
        var others = Enumerable.Range(0, 50).Select(_ => bench.Propose(2)).ToList();
        bench.Run();
        Assert.Equal(1, bench.WritesWaiting);
        bench.CompleteWrite();
        Assert.True(first.Reply.IsCompleted);
        Assert.Equal(1, bench.WritesWaiting);
        bench.CompleteWrite();
        Assert.All(others, caller => Assert.True(caller.Reply.IsCompleted));
    }

    [Fact]
    public async Task S56_An_exception_in_apply_is_the_commands_result_and_the_next_command_is_applied()
    {
        var bench = new PumpBench();
        bench.Found();
        var failing = bench.Propose(13);
        var next = bench.Propose(1);
        bench.CompleteAllWrites();
        var failed = await failing.Reply;
        Assert.Equal(Outcome.Done, failed.Outcome);
        Assert.Contains("thirteen is not applied", failed.Error, StringComparison.Ordinal);
        Assert.Equal([1], (await next.Reply).Result.ToArray());
    }

    [Fact]
    public async Task S59_A_write_that_fails_stops_the_node_and_its_callers_learn_that_the_outcome_is_unknown()
    {
        var bench = new PumpBench();
        bench.Found();
        var caller = bench.Propose(1);
        bench.Run();
        bench.CompleteWrite(new LogStoreStoppedException("the device is gone"));
        Assert.Equal(Outcome.Unknown, (await caller.Reply).Outcome);
        Assert.Equal(NodeEnd.Failed, bench.End!.Value.End);
        Assert.Contains("the device is gone", bench.End.Value.Failure!.Message, StringComparison.Ordinal);

        var later = bench.Propose(1);
        bench.Run();
        Assert.Equal(Outcome.Stopped, (await later.Reply).Outcome);
        Assert.Equal(0, bench.WritesWaiting);
    }

    [Fact]
    public void S4_A_vote_whose_write_fails_is_not_granted()
    {
        var bench = new PumpBench();
        var (me, leader, group) = bench.Follow();
        bench.Time.Advance(TimeSpan.FromMilliseconds(151));
        bench.Pump.Post(new MessageArrived("candidate", new VoteRequest
        {
            Group = group,
            From = leader.Id,
            To = me.Id,
            Term = new Term(2),
            LastIndex = new LogIndex(5),
            LastTerm = new Term(1),
        }));
        bench.Run();
        bench.CompleteWrite(new LogStoreStoppedException("the device is gone"));
        Assert.Empty(bench.Sent);
        Assert.True(bench.Pump.IsOver);
    }

    [Fact]
    public void A_node_that_was_halted_says_writes_and_answers_nothing()
    {
        var bench = new PumpBench();
        bench.Found();
        var caller = bench.Propose(1);
        bench.Pump.Halt();
        bench.Run();
        Assert.Equal(0, bench.WritesWaiting);
        Assert.False(caller.Reply.IsCompleted);
    }

    [Fact]
    public void A_member_of_a_deleted_group_is_told_so()
    {
        var bench = new PumpBench();
        var deleted = new GroupId(Guid.NewGuid());
        bench.Deleted.Add(deleted);
        bench.Pump.Post(new MessageArrived("stranger", new MembershipQuestion { Group = deleted, From = new MemberId(Guid.NewGuid()), To = new MemberId(Guid.NewGuid()) }));
        bench.Run();
        var (to, message) = Assert.Single(bench.Sent);
        Assert.Equal("stranger", to);
        Assert.Equal(RefusalReason.Deleted, Assert.IsType<Refusal>(message).Reason);
    }

    [Fact]
    public void A_follower_that_is_far_behind_is_served_from_the_disk()
    {
        var bench = new PumpBench(settings: new RaftSettings { CachedBytes = 64 });
        bench.Found();
        for (byte i = 0; i < 10; i++)
        {
            bench.Propose(1);
            bench.CompleteAllWrites();
        }

        var learner = bench.AddLearner();
        for (var round = 0; round < 50 && Follower(bench).Match < bench.Pump.Node.Status().Last; round++)
        {
            Answer(bench, learner);
        }

        Assert.Equal(bench.Pump.Node.Status().Last, Follower(bench).Match);
        Assert.True(bench.ReadsFromDisk > 0);
    }

    /// <summary>It bounds the follower's inbox, where they lie while it stands still.</summary>
    [Fact]
    public void A_follower_that_answers_nothing_is_sent_no_more_appends_than_may_be_in_flight()
    {
        var bench = new PumpBench(settings: new RaftSettings { MaximumAppendsInFlight = 3 });
        bench.Found();
        var learner = bench.AddLearner();
        Acknowledge(bench, learner, bench.Pump.Node.Status().Last);
        bench.Sent.Clear();
        for (byte turn = 0; turn < 100; turn++)
        {
            bench.Propose(1);
            bench.CompleteAllWrites();
            bench.Time.Advance(GroupTimings.Default.Heartbeat);
            bench.Pump.Wake();
            bench.CompleteAllWrites();
        }

        Assert.Equal(3, bench.Sent.Count(sent => sent.Message is AppendRequest));
        Assert.InRange(bench.Sent.Count, 90, 103);
    }

    private static FollowerStatus Follower(PumpBench bench) => bench.Pump.Node.Status().Followers.Single();

    /// <summary>An honest, empty learner: it takes what follows on what it has, and says where its log ends.</summary>
    private static void Answer(PumpBench bench, Member learner)
    {
        var sent = bench.Sent.Select(pair => pair.Message).OfType<AppendRequest>().ToList();
        bench.Sent.Clear();
        foreach (var append in sent)
        {
            var match = Follower(bench).Match;
            if (append.PreviousIndex <= match)
            {
                Acknowledge(bench, learner, append.LastIndex);
            }
            else
            {
                Reply(bench, learner, new AppendResponse { IsConflict = true, RejectedIndex = append.PreviousIndex, HintIndex = match });
            }
        }
    }

    private static void Acknowledge(PumpBench bench, Member learner, LogIndex match) => Reply(bench, learner, new AppendResponse { Match = match });

    private static void Reply(PumpBench bench, Member learner, RaftMessage message)
    {
        var status = bench.Pump.Node.Status();
        bench.Pump.Post(new MessageArrived("learner", message with { Group = status.Identity.Group, From = learner.Id, To = status.Identity.Member, Term = status.Term }));
        bench.Run();
    }
}
