using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Scenarios;

/// <summary>Groups that have nothing to do: what makes them quiet, what wakes them, and what never rests on it.</summary>
public sealed class QuietGroupTests
{
    private const int LongEnough = 1000;

    private static readonly RaftSettings _quiet = new() { GoesQuiet = true };
    private static readonly GroupTimings _timings = GroupTimings.Default;

    [Fact]
    public void A_group_that_has_nothing_to_do_says_nothing_and_waits_for_nothing()
    {
        var group = Quiet();
        var delivered = group.Delivered;
        group.RunFor(60_000);
        Assert.Equal(delivered, group.Delivered);
        Assert.All(group.Nodes, node => Assert.Equal((TimeSpan.MaxValue, (TimeSpan?)null), (node.Raft.NextDeadline, node.Raft.Status().ElectionDeadline)));
        Assert.All(group.Leader.Raft.Followers, follower => Assert.True(follower.IsReachable));
    }

    [Fact]
    public void A_group_is_not_quiet_before_it_had_nothing_to_do_for_a_heartbeat()
    {
        var group = new TestGroup("ABC", _quiet);
        group.Elect("A");
        group.RunFor(25);
        group["A"].Propose("x");
        group.RunFor(_timings.Heartbeat.TotalMilliseconds - 1);
        Assert.DoesNotContain(group.Nodes, node => node.Raft.IsQuiet);
        group.RunFor(2 * _timings.Heartbeat.TotalMilliseconds);
        Assert.All(group.Nodes, node => Assert.True(node.Raft.IsQuiet));
    }

    [Fact]
    public void A_write_wakes_a_group_by_its_append_alone_and_the_group_is_quiet_soon_again()
    {
        var group = Quiet();
        var delivered = group.Delivered;
        group["A"].Propose("x");
        group.Settle();
        Assert.True(group["A"].HasApplied("x"));
        Assert.DoesNotContain(group.Nodes, node => node.Raft.IsQuiet);
        Assert.Equal(4, group.Delivered - delivered); // An append to each follower, and its answer.

        // One round tells of the commit, the next one asks.
        group.RunFor(3 * _timings.Heartbeat.TotalMilliseconds);
        Assert.All(group.Nodes, node => Assert.True(node.Raft.IsQuiet));
        Assert.All(group.Nodes, node => Assert.Equal(3, node.Commit));
        Assert.Equal(12, group.Delivered - delivered);
    }

    [Fact]
    public void A_quiet_follower_that_gets_an_append_once_more_asks_whether_its_leader_is_awake()
    {
        var follower = QuietFollower(round: 1);
        follower.Receive(Message.Append("A", "B", term: 2, previousIndex: 1, previousTerm: 1, entries: [2], commit: 1));
        Assert.False(follower.Raft.IsQuiet);
        Assert.Equal(0, follower.TakeOne<HeartbeatResponse>().Round);

        follower = QuietFollower(round: 1);
        follower.Receive(Message.Append("A", "B", term: 2, previousIndex: 2, previousTerm: 2, entries: [2], commit: 2));
        Assert.False(follower.Raft.IsQuiet);
        Assert.Empty(follower.Take<HeartbeatResponse>());
        Assert.InRange(follower.Raft.NextDeadline, follower.Now + _timings.ElectionMin, follower.Now + _timings.ElectionMax);
    }

    [Fact]
    public void Who_does_not_agree_is_asked_again_only_after_an_election_timeout()
    {
        var leader = Given.Leader("A", term: 2, log: [1], settings: _quiet);
        var asked = new List<TimeSpan>();
        for (var beat = 0; beat < 40; beat++)
        {
            leader.Clock.Now += _timings.Heartbeat;
            leader.Do(raft => raft.Tick(leader.Now));
            foreach (var heartbeat in leader.Take<HeartbeatRequest>())
            {
                if (heartbeat.IsQuiet && (asked.Count == 0 || asked[^1] != leader.Now))
                {
                    asked.Add(leader.Now);
                }

                leader.Receive(Message.Heard(heartbeat.To == Given.Id("B") ? "B" : "C", "A", term: 2, heartbeat.Round, verified: 2, match: 2));
            }

            leader.Outbox.Clear();
        }

        Assert.InRange(asked.Count, 2, int.MaxValue);
        Assert.All(asked.Zip(asked.Skip(1)), two => Assert.InRange(two.Second - two.First, _timings.ElectionMax, 2 * _timings.ElectionMax));
    }

    [Fact]
    public void A_leader_whose_followers_are_late_asks_on_and_takes_an_answer_to_an_earlier_question()
    {
        var (leader, first) = Asking();
        leader.Receive(Agreed("B", first));
        var second = NextRound(leader);
        Assert.True(second.IsQuiet);
        leader.Receive(Agreed("C", first));
        Assert.True(leader.Raft.IsQuiet);
        leader.Receive(Agreed("B", second));
        Assert.True(leader.Raft.IsQuiet);
    }

    [Fact]
    public void An_answer_to_an_earlier_question_does_not_count_against_a_later_no_in_whatever_order_they_come()
    {
        foreach (var isNoFirst in new[] { true, false })
        {
            var (leader, first) = Asking();
            leader.Receive(Agreed("B", first));
            var second = NextRound(leader);
            HeartbeatResponse[] answers = [Agreed("C", second) with { IsQuiet = false }, Agreed("C", first)];
            foreach (var answer in isNoFirst ? answers : answers.Reverse())
            {
                leader.Receive(answer);
            }

            Assert.False(leader.Raft.IsQuiet);
        }
    }

    [Fact]
    public void Who_said_no_is_not_asked_on()
    {
        var (leader, first) = Asking();
        leader.Receive(Agreed("B", first));
        leader.Receive(Agreed("C", first) with { IsQuiet = false });
        Assert.False(NextRound(leader).IsQuiet);
        Assert.False(leader.Raft.IsQuiet);
    }

    [Fact]
    public void A_group_of_one_is_quiet_and_takes_writes()
    {
        var group = new TestGroup("A", _quiet);
        group.Elect("A");
        group.RunFor(LongEnough);
        Assert.True(group["A"].Raft.IsQuiet);
        group["A"].Propose("x");
        Assert.True(group["A"].HasApplied("x"));
    }

    [Fact]
    public void Nobody_is_quiet_where_that_was_not_asked_for()
    {
        var group = new TestGroup("ABC");
        group.Elect("A");
        group.RunFor(60_000);
        Assert.DoesNotContain(group.Nodes, node => node.Raft.IsQuiet);
    }

    [Fact]
    public void A_follower_that_does_not_go_quiet_keeps_the_others_awake()
    {
        var group = new TestGroup("ABC", _quiet);
        group.Start("C", Given.Disk("C", 1, [1]), new RaftSettings());
        group.Elect("A");
        group.RunFor(10_000);
        Assert.False(group.Leader.Raft.IsQuiet);
        Assert.Equal("A", group.Leader.Name);
    }

    [Fact]
    public void A_follower_that_has_not_everything_does_not_agree()
    {
        var group = new TestGroup("ABC", _quiet);
        group.Elect("A");
        group.RunFor(100);
        group["B"].AppliesByHand = true;
        group["A"].Propose("x");
        group.RunFor(LongEnough);
        Assert.False(group["B"].Raft.IsQuiet);
        Assert.False(group["A"].Raft.IsQuiet);
        group["B"].AppliesByHand = false;
        group["B"].CompleteApply();
        group.RunFor(LongEnough);
        Assert.All(group.Nodes, node => Assert.True(node.Raft.IsQuiet));
    }

    [Fact]
    public void A_follower_agrees_only_when_its_leaders_log_is_its_own_committed_and_durable()
    {
        var follower = Given.Node("B", term: 2, log: [1, 2], settings: _quiet);
        follower.Receive(Ask(round: 1, commit: 2));
        Assert.False(follower.TakeOne<HeartbeatResponse>().IsQuiet); // It has not compared its log with this leader's.
        follower.Receive(Message.Append("A", "B", term: 2, previousIndex: 2, previousTerm: 2, entries: [], commit: 1));
        follower.Receive(Ask(round: 2, commit: 1));
        Assert.False(follower.Take<HeartbeatResponse>()[^1].IsQuiet); // An entry is not committed.
        follower.Receive(Ask(round: 3, commit: 2));
        Assert.False(follower.Take<HeartbeatResponse>()[^1].IsQuiet); // It has just heard that it is, and has not applied it.
        follower.Receive(Ask(round: 4, commit: 2));
        Assert.True(follower.Take<HeartbeatResponse>()[^1].IsQuiet);
        Assert.True(follower.Raft.IsQuiet);
    }

    [Fact]
    public void A_heartbeat_that_was_overtaken_neither_wakes_a_follower_nor_makes_it_quiet()
    {
        var follower = QuietFollower(round: 5);
        follower.Receive(Message.Heartbeat("A", "B", term: 2, commit: 2, round: 4));
        Assert.True(follower.Raft.IsQuiet);
        follower.Receive(Message.Heartbeat("A", "B", term: 2, commit: 2, round: 6));
        Assert.False(follower.Raft.IsQuiet);
        follower.Receive(Ask(round: 5, commit: 2));
        Assert.False(follower.Raft.IsQuiet);
    }

    [Theory]
    [InlineData("proposal")]
    [InlineData("read")]
    [InlineData("transfer")]
    [InlineData("admission")]
    public void A_request_wakes_everybody(string request)
    {
        var group = Quiet();
        var leader = group.Leader;
        switch (request)
        {
            case "proposal":
                leader.Propose(request);
                break;
            case "read":
                leader.ReadByLease(request);
                break;
            case "transfer":
                leader.Transfer("B", request);
                break;
            default:
                leader.Add(Given.Member("B"), request);
                break;
        }

        group.Settle();
        Assert.DoesNotContain(group.Nodes, node => node.Raft.IsQuiet);
        Assert.True(leader.HasApplied(request) || leader.OutcomeOf(request) == Outcome.Done);
    }

    [Fact]
    public void A_quiet_leader_holds_no_lease_and_has_one_again_when_a_majority_answers()
    {
        var group = Quiet();
        Assert.False(group.Leader.Raft.HoldsLease);
        group.Leader.Do(raft => raft.Wake(group.Clock.Now));
        Assert.False(group.Leader.Raft.HoldsLease);
        group.Settle();
        Assert.True(group.Leader.Raft.HoldsLease);
    }

    [Fact]
    public void The_lease_is_over_before_the_question_leaves_and_no_answer_that_comes_late_brings_it_back()
    {
        var group = new TestGroup("ABC", _quiet);
        var leader = group.Elect("A");
        group.RunFor(_timings.Heartbeat.TotalMilliseconds + 5);
        leader.Raft.StaysAwake = true;
        group.Hold = message => message is HeartbeatResponse;
        group.RunFor(_timings.Heartbeat.TotalMilliseconds); // A round whose answers are late.
        leader.Raft.StaysAwake = false;
        group.Hold = message => message is HeartbeatResponse or HeartbeatRequest { IsQuiet: true };
        group.RunFor(_timings.Heartbeat.TotalMilliseconds);
        Assert.Contains(group.Held, message => message is HeartbeatRequest);
        Assert.False(leader.Raft.HoldsLease);
        var answers = group.Held.OfType<HeartbeatResponse>().ToList();
        Assert.NotEmpty(answers);
        answers.ForEach(group.Deliver);
        Assert.False(leader.Raft.HoldsLease);
    }

    [Fact]
    public void A_quiet_follower_denies_a_candidate_and_asks_its_leader_who_says_that_it_is_there()
    {
        var group = Quiet();
        group["B"].Receive(Message.VoteRequest("C", "B", term: 2, lastIndex: 9, lastTerm: 2, preVote: true));
        Assert.False(group["B"].Outbox.OfType<VoteResponse>().Single().Granted);
        group.Settle();
        Assert.False(group["A"].Raft.IsQuiet);
        Assert.Equal("A", group.Leader.Name);
        group.RunFor(LongEnough);
        Assert.All(group.Nodes, node => Assert.True(node.Raft.IsQuiet));
    }

    [Fact]
    public void A_message_of_an_older_term_wakes_nobody()
    {
        var group = Quiet();
        group["A"].Receive(Message.VoteRequest("C", "A", term: 1, lastIndex: 1, lastTerm: 1, preVote: true));
        group["B"].Receive(Message.VoteRequest("C", "B", term: 1, lastIndex: 1, lastTerm: 1, preVote: true));
        Assert.All(group.Nodes, node => Assert.True(node.Raft.IsQuiet));
    }

    [Fact]
    public void A_learner_that_was_away_while_terms_went_by_is_heard()
    {
        var group = new TestGroup(
            ("A", Given.Disk("A", 7, [1, 7], learners: "D")), ("B", Given.Disk("B", 7, [1, 7], learners: "D")), ("C", Given.Disk("C", 7, [1, 7], learners: "D")));
        foreach (var name in new[] { "A", "B", "C" })
        {
            group.Start(name, group[name].Disk, _quiet);
        }

        group.Elect("A");
        group.RunFor(10_000);
        Assert.All(group.Nodes, node => Assert.True(node.Raft.IsQuiet));
        group.Start("D", Given.Disk("D", 1, [1], learners: "D"), _quiet);
        group.RunFor(10_000);
        Assert.Equal(group["A"].Commit, group["D"].Commit);
        Assert.All(group.Nodes, node => Assert.True(node.Raft.IsQuiet));
    }

    [Fact]
    public void Followers_whose_leaders_host_is_lost_campaign_when_they_would_have_without_its_heartbeats()
    {
        var group = Quiet();
        group.RunFor(10_000);
        var heard = group.Clock.Now;
        group.Isolate("A");
        group.Clock.Now += TimeSpan.FromMilliseconds(140);
        foreach (var name in new[] { "B", "C" })
        {
            group[name].Do(raft => raft.HostLost(Given.Id("A"), heard, group.Clock.Now));
            Assert.InRange(group[name].Raft.NextDeadline, heard + _timings.ElectionMin, heard + _timings.ElectionMax);
        }

        group.RunFor(3 * _timings.ElectionMax.TotalMilliseconds);
        Assert.NotEqual("A", group.Leader.Name);
    }

    [Fact]
    public void A_follower_does_not_campaign_earlier_than_by_the_last_message_of_its_leader()
    {
        var follower = QuietFollower(round: 1);
        follower.Do(raft => raft.HostLost(Given.Id("A"), follower.Now - TimeSpan.FromSeconds(9), follower.Now));
        Assert.InRange(follower.Raft.NextDeadline, follower.Now + _timings.ElectionMin, follower.Now + _timings.ElectionMax);
    }

    [Fact]
    public void A_promise_to_vote_for_nobody_is_kept_when_the_host_of_the_leader_is_lost_at_once()
    {
        var follower = QuietFollower(round: 1);
        follower.Do(raft => raft.HostLost(Given.Id("A"), TimeSpan.Zero, follower.Now));
        follower.Clock.Now += _timings.ElectionMin - TimeSpan.FromMilliseconds(1);
        follower.Receive(Message.VoteRequest("C", "B", term: 3, lastIndex: 9, lastTerm: 2));
        Assert.False(follower.TakeOne<VoteResponse>().Granted);
        follower.Clock.Now += TimeSpan.FromMilliseconds(1);
        follower.Receive(Message.VoteRequest("C", "B", term: 3, lastIndex: 9, lastTerm: 2));
        Assert.True(follower.TakeOne<VoteResponse>().Granted);
    }

    [Fact]
    public void A_leader_stays_quiet_without_one_of_its_followers_and_steps_down_without_a_majority()
    {
        var group = Quiet();
        var leader = group.Leader;
        group.Isolate("A");
        leader.Do(raft => raft.HostLost(Given.Id("B"), group.Clock.Now, group.Clock.Now));
        Assert.True(leader.Raft.IsQuiet);
        Assert.Equal([false, true], leader.Raft.Followers.OrderBy(follower => follower.Member.Address).Select(follower => follower.IsReachable));
        leader.Do(raft => raft.HostLost(Given.Id("C"), group.Clock.Now, group.Clock.Now));
        Assert.False(leader.Raft.IsQuiet);
        group.RunFor(2 * _timings.ElectionMax.TotalMilliseconds);
        Assert.NotEqual(RaftState.Leader, leader.State);
    }

    [Fact]
    public void A_group_goes_quiet_without_a_member_that_is_not_there_and_wakes_when_it_is_back()
    {
        var group = new TestGroup("ABC", _quiet);
        group.Elect("A");
        group.RunFor(100);
        group["C"].Crash();
        group["A"].Propose("x");
        group.RunFor(10_000);
        Assert.True(group["A"].Raft.IsQuiet);
        Assert.True(group["B"].Raft.IsQuiet);
        group["C"].Restart();
        group.RunFor(10_000);
        Assert.Equal(("A", 3L), (group.Leader.Name, group["C"].Commit));
        Assert.All(group.Nodes, node => Assert.True(node.Raft.IsQuiet));
    }

    [Fact]
    public void A_group_without_a_majority_never_goes_quiet()
    {
        var group = new TestGroup("ABC", _quiet);
        group.Elect("A");
        group["B"].Crash();
        group["C"].Crash();
        group.RunFor(10_000);
        Assert.False(group["A"].Raft.IsQuiet);
    }

    [Fact]
    public void A_follower_that_is_told_to_wake_gets_a_heartbeat()
    {
        var group = Quiet();
        group["B"].Do(raft => raft.Wake(group.Clock.Now));
        group.Settle();
        Assert.DoesNotContain(group.Nodes, node => node.Raft.IsQuiet);
        Assert.Equal(TimeSpan.Zero, group["B"].Raft.AgeOfState(group.Clock.Now));
    }

    [Fact]
    public void A_leader_that_is_deposed_while_it_is_quiet_wakes_its_followers_first()
    {
        var group = Quiet();
        group.Cut("B", "C"); // C hears nothing of B.
        group["B"].Campaign();
        group.Settle();
        Assert.Equal("B", group.Leader.Name);
        Assert.False(group["C"].Raft.IsQuiet);
    }

    [Fact]
    public void A_read_on_a_quiet_follower_is_answered()
    {
        var group = Quiet();
        group["B"].Read("read");
        group.Settle();
        Assert.Equal(Outcome.Done, group["B"].OutcomeOf("read"));
    }

    [Fact]
    public void A_proposal_to_a_quiet_follower_wakes_it_for_its_leader_may_be_gone()
    {
        var group = Quiet();
        group.Isolate("A");
        group["B"].Propose("x");
        Assert.Equal(Outcome.NotLeader, group["B"].OutcomeOf("x"));
        group["C"].Propose("y");
        group.RunFor(3 * _timings.ElectionMax.TotalMilliseconds);
        Assert.NotEqual("A", group.Leader.Name);
    }

    /// <summary>The leader A, and the first heartbeat by which it asks B and C to be quiet.</summary>
    private static (TestNode Leader, HeartbeatRequest Question) Asking()
    {
        var leader = Given.Leader("A", term: 2, log: [1], settings: _quiet);
        for (var beat = 0; beat < 10; beat++)
        {
            var round = NextRound(leader);
            if (round.IsQuiet)
            {
                return (leader, round);
            }

            leader.Receive(Agreed("B", round) with { IsQuiet = false });
            leader.Receive(Agreed("C", round) with { IsQuiet = false });
        }

        throw new InvalidOperationException("The leader does not ask.");
    }

    private static HeartbeatRequest NextRound(TestNode leader)
    {
        leader.Clock.Now += _timings.Heartbeat;
        leader.Do(raft => raft.Tick(leader.Now));
        var round = leader.Take<HeartbeatRequest>()[^1];
        leader.Outbox.Clear();
        return round;
    }

    private static HeartbeatResponse Agreed(string follower, HeartbeatRequest question) =>
        Message.Heard(follower, "A", term: 2, question.Round, verified: 2, match: 2) with { IsQuiet = true };

    /// <summary>Three nodes, led by A, that have had nothing to do.</summary>
    private static TestGroup Quiet()
    {
        var group = new TestGroup("ABC", _quiet);
        group.Elect("A");
        group.RunFor(LongEnough);
        Assert.All(group.Nodes, node => Assert.True(node.Raft.IsQuiet));
        return group;
    }

    private static TestNode QuietFollower(int round)
    {
        var follower = Given.Node("B", term: 2, log: [1, 2], settings: _quiet);
        follower.Clock.Now = TimeSpan.FromSeconds(100);
        follower.Receive(Message.Append("A", "B", term: 2, previousIndex: 2, previousTerm: 2, entries: [], commit: 2));
        follower.Receive(Ask(round, commit: 2));
        follower.Outbox.Clear();
        Assert.True(follower.Raft.IsQuiet);
        return follower;
    }

    private static HeartbeatRequest Ask(int round, int commit) => Message.Heartbeat("A", "B", term: 2, commit, round) with { IsQuiet = true };
}
