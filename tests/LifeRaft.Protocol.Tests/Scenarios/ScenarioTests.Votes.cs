using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Scenarios;

/// <summary>
/// What other implementations got wrong, one test per row of the project's list of scenarios, by its number. This part: votes and
/// what is stored about them.
/// </summary>
public sealed partial class ScenarioTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void S1_a_vote_survives_a_kill_before_and_after_the_reply(bool isReplySent)
    {
        var node = Given.Node("C", term: 1, log: [1]);
        node.Receive(Message.VoteRequest("A", "C", term: 2, lastIndex: 1, lastTerm: 1));
        if (isReplySent)
        {
            Assert.True(node.TakeOne<VoteResponse>().Granted);
        }

        node.Crash();
        node.Restart();
        node.Receive(Message.VoteRequest("B", "C", term: 2, lastIndex: 1, lastTerm: 1));
        Assert.False(node.TakeOne<VoteResponse>().Granted);
        node.Receive(Message.VoteRequest("A", "C", term: 2, lastIndex: 1, lastTerm: 1));
        Assert.True(node.TakeOne<VoteResponse>().Granted);
    }

    [Fact]
    public void S1_a_vote_that_was_not_durable_was_not_given()
    {
        var node = Given.Node("C", term: 1, log: [1]);
        node.WritesByHand = true;
        node.Receive(Message.VoteRequest("A", "C", term: 2, lastIndex: 1, lastTerm: 1));
        Assert.Empty(node.Outbox);
        node.Crash();
        node.WritesByHand = false;
        node.Restart();
        node.Receive(Message.VoteRequest("B", "C", term: 2, lastIndex: 1, lastTerm: 1));
        Assert.True(node.TakeOne<VoteResponse>().Granted);
    }

    [Fact]
    public void S2_a_candidate_asks_for_votes_only_after_its_own_vote_is_durable()
    {
        var node = Given.Node("A", term: 1, log: [1]);
        node.WritesByHand = true;
        node.Campaign();
        Assert.Empty(node.Outbox);
        node.CompleteWrite();
        Assert.Equal(2, node.Take<VoteRequest>().Count);
        node.Crash();
        node.WritesByHand = false;
        node.Restart();
        node.Receive(Message.VoteRequest("B", "A", term: 2, lastIndex: 1, lastTerm: 1));
        Assert.False(node.TakeOne<VoteResponse>().Granted);
    }

    [Fact]
    public void S3_term_and_vote_are_written_as_one_record()
    {
        var node = Given.Node("C", term: 1, log: [1]);
        node.WritesByHand = true;
        node.Receive(Message.VoteRequest("A", "C", term: 2, lastIndex: 1, lastTerm: 1));
        Assert.Equal(new HardState(new Term(2), Given.Id("A")), node.Disk.Writing?.HardState);
    }

    [Fact]
    public void S4_a_node_whose_vote_cannot_be_written_says_nothing_any_more()
    {
        var node = Given.Node("C", term: 1, log: [1]);
        node.WritesByHand = true;
        node.Receive(Message.VoteRequest("A", "C", term: 2, lastIndex: 1, lastTerm: 1));
        node.Stop(NodeEnd.Failed);
        node.Receive(Message.VoteRequest("A", "C", term: 2, lastIndex: 1, lastTerm: 1));
        Assert.Empty(node.Outbox);
        Assert.Equal((RaftState.Stopped, NodeEnd.Failed), (node.State, node.End));
        Assert.Equal(new HardState(new Term(1), MemberId.None), node.Disk.HardState);
    }

    [Fact]
    public void S5_a_later_last_term_beats_a_longer_log()
    {
        var node = Given.Node("C", term: 3, log: [1, 2, 2]);
        node.Receive(Message.VoteRequest("A", "C", term: 4, lastIndex: 2, lastTerm: 3));
        Assert.True(node.TakeOne<VoteResponse>().Granted);
    }

    [Fact]
    public void S5_a_longer_log_of_an_older_term_does_not_win()
    {
        var node = Given.Node("C", term: 3, log: [1, 3]);
        node.Receive(Message.VoteRequest("A", "C", term: 4, lastIndex: 9, lastTerm: 2));
        Assert.False(node.TakeOne<VoteResponse>().Granted);
    }

    [Fact]
    public void S6_a_vote_is_judged_by_the_log_as_it_is_when_the_vote_is_given()
    {
        // The append arrives in the same turn, before the request; nothing of it is durable yet, and it counts all the same.
        var node = Given.Node("C", term: 2, log: [1]);
        node.WritesByHand = true;
        node.Receive(Message.Append("A", "C", term: 2, 1, 1, entries: [2]));
        node.Receive(Message.VoteRequest("B", "C", term: 3, lastIndex: 1, lastTerm: 1, deliberate: true));
        Assert.False(Assert.Single(node.Take<VoteResponse>()).Granted);
        Assert.Equal((3, MemberId.None), (node.Term, node.Raft.Status().VotedFor));
    }

    [Fact]
    public void S7_a_pre_vote_changes_nothing_at_its_receiver()
    {
        var clock = new TestClock();
        var node = new TestNode("C", clock, Given.Disk("C", 2, [1]));
        node.Receive(Message.Heartbeat("A", "C", term: 2));
        clock.Now += TimeSpan.FromMilliseconds(149);
        var (before, deadline) = (node.Raft.Status(), node.Raft.NextDeadline);
        node.Receive(Message.VoteRequest("B", "C", term: 2, lastIndex: 1, lastTerm: 1, preVote: true));
        node.Receive(Message.VoteRequest("B", "C", term: 9, lastIndex: 9, lastTerm: 9, preVote: true));
        Assert.All(node.Take<VoteResponse>(), answer => Assert.False(answer.Granted));
        clock.Now += TimeSpan.FromMilliseconds(1);
        node.Receive(Message.VoteRequest("B", "C", term: 9, lastIndex: 9, lastTerm: 9, preVote: true));
        Assert.True(node.TakeOne<VoteResponse>().Granted);
        var after = node.Raft.Status();
        Assert.Equal((before.Term, before.VotedFor, before.Leader, before.State), (after.Term, after.VotedFor, after.Leader, after.State));
        Assert.Equal(deadline, node.Raft.NextDeadline);
        Assert.Null(node.Disk.Writing);
    }

    [Fact]
    public void S7_pre_votes_that_arrive_after_the_election_is_won_are_dropped()
    {
        var node = Given.Leader("A", term: 3, log: [1]);
        node.Receive(Message.Vote("B", "A", term: 2, granted: true, preVote: true));
        node.Receive(Message.Vote("C", "A", term: 2, granted: false, preVote: true));
        node.Receive(Message.Vote("C", "A", term: 3, granted: true, preVote: true, requestTerm: 3));
        Assert.Equal((RaftState.Leader, 3), (node.State, node.Term));
    }

    [Fact]
    public void S7_pre_votes_do_not_count_as_votes_nor_votes_as_pre_votes()
    {
        var candidate = Given.Candidate("A", term: 3, log: [1]);
        candidate.Receive(Message.Vote("B", "A", term: 3, granted: true, preVote: true));
        Assert.Equal(RaftState.Candidate, candidate.State);

        var asking = Given.Node("A", term: 3, log: [1]);
        asking.TimeOut();
        asking.Receive(Message.Vote("B", "A", term: 3, granted: true));
        Assert.Equal((RaftState.Follower, 3), (asking.State, asking.Term));
    }

    [Fact]
    public void S8_a_pre_vote_that_is_rejected_in_a_higher_term_makes_the_candidate_adopt_it()
    {
        // A alone can be elected, since C lacks an entry; and C alone knows the newest term. Neither can win as things are.
        var group = new TestGroup(("A", Given.Disk("A", 1, [1, 1])), ("B", Given.Disk("B", 1, [1])), ("C", Given.Disk("C", 9, [1])));
        group["B"].Crash();
        group.RunFor(1_500);
        Assert.Equal("A", group.Leader.Name);
        Assert.InRange(group["A"].Term, 10, 12);
    }

    [Fact]
    public void S9_a_follower_that_can_send_but_not_hear_does_not_depose_the_leader()
    {
        var group = new TestGroup("ABC");
        group.Elect("A");
        group.CutOneWay("A", "C");
        group.CutOneWay("B", "C");
        group.RunFor(20_000);
        Assert.Equal((RaftState.Leader, 2), (group["A"].State, group["A"].Term));
        Assert.Equal(2, group["C"].Term);
    }

    [Fact]
    public void S9_a_leader_that_can_send_but_not_hear_steps_down()
    {
        var group = new TestGroup("ABC");
        group.Elect("A");
        group.CutOneWay("B", "A");
        group.CutOneWay("C", "A");
        group.RunFor(400);
        Assert.NotEqual(RaftState.Leader, group["A"].State);
        group.RunFor(2_000);
        Assert.NotEqual("A", group.Leader.Name);
    }

    [Fact]
    public void S10_a_node_that_rejoins_with_a_higher_term_and_an_old_log_costs_one_election()
    {
        var group = new TestGroup("ABC");
        group.Elect("A");
        group.Isolate("C");
        group["A"].Propose("x");
        group.Settle();
        for (var i = 0; i < 10; i++)
        {
            group["C"].Campaign();
        }

        group.DropAll();
        Assert.Equal(12, group["C"].Term);
        group.Heal();
        var elected = group.Nodes.Sum(node => node.Events.OfType<StateChanged>().Count(change => change.New == RaftState.Leader));
        group.RunFor(3_000);
        var after = group.Nodes.Sum(node => node.Events.OfType<StateChanged>().Count(change => change.New == RaftState.Leader));
        Assert.Equal(1, after - elected);
        Assert.All(group.Nodes, node => Assert.Equal(13, node.Term));
        Assert.All(group.Nodes, node => Assert.Equal(group.Leader.Commit, node.Commit));
    }

    [Fact]
    public void S11_a_removed_server_that_never_heard_of_it_disturbs_nobody_and_ends_when_it_hears()
    {
        var group = new TestGroup("ABCD");
        group.Elect("A");
        group.Isolate("D");
        group["A"].Remove("D", "remove");
        group.RunFor(2_000);
        Assert.Equal(Outcome.Done, group["A"].OutcomeOf("remove"));
        Assert.Equal(RaftState.Follower, group["D"].State);
        group.CutOneWay("A", "D");
        group.Heal();
        group["D"].Campaign();
        group.RunFor(2_000);
        Assert.Equal((RaftState.Leader, 2), (group["A"].State, group["A"].Term));
        Assert.Equal(NodeEnd.Removed, group["D"].End);
    }

    [Fact]
    public void S12_a_learner_that_a_candidate_knows_as_a_voter_votes()
    {
        var node = Given.Node("D", term: 2, log: [1], voters: "ABC", learners: "D");
        Assert.Equal(RaftState.Child, node.State);
        node.Receive(Message.VoteRequest("A", "D", term: 3, lastIndex: 2, lastTerm: 2));
        Assert.True(node.TakeOne<VoteResponse>().Granted);
        node.Receive(Message.VoteRequest("A", "D", term: 3, lastIndex: 2, lastTerm: 2, preVote: true));
        Assert.True(node.TakeOne<VoteResponse>().Granted);
    }

    [Fact]
    public void S12_a_learner_never_campaigns_also_after_a_restart()
    {
        var node = Given.Node("D", term: 2, log: [1], voters: "ABC", learners: "D");
        for (var i = 0; i < 20; i++)
        {
            node.TimeOut();
            node.Receive(Message.TimeoutNow("A", "D", term: 2));
            node.Crash();
            node.Restart();
        }

        node.Campaign();
        Assert.Equal(Outcome.NotAVoter, node.OutcomeOf("campaign"));
        Assert.Empty(node.Take<VoteRequest>());
        Assert.Equal((RaftState.Child, 2), (node.State, node.Term));
    }

    [Fact]
    public void S13_a_flapping_link_raises_no_terms_and_changes_no_leader()
    {
        var group = new TestGroup("ABCDE");
        group.Elect("A");
        for (var i = 0; i < 100; i++)
        {
            group.Isolate("E");
            group.RunFor(400);
            group.Heal();
            group.RunFor(120);
        }

        Assert.Equal((RaftState.Leader, 2), (group["A"].State, group["A"].Term));
        Assert.All(group.Nodes, node => Assert.Equal(2, node.Term));
    }

    [Fact]
    public void S14a_an_election_is_decided_as_soon_as_a_majority_answered()
    {
        var node = Given.Candidate("A", term: 3, log: [1], voters: "ABCDE");
        node.Receive(Message.Vote("B", "A", term: 3, granted: true));
        node.Receive(Message.Vote("D", "A", term: 3, granted: true));
        Assert.Equal(RaftState.Leader, node.State);

        var loser = Given.Candidate("A", term: 3, log: [1], voters: "ABCDE");
        foreach (var voter in new[] { "B", "C", "D" })
        {
            loser.Receive(Message.Vote(voter, "A", term: 3, granted: false));
        }

        Assert.Equal(RaftState.Follower, loser.State);
    }

    [Fact]
    public void S14_nodes_that_start_at_once_do_not_time_out_at_once()
    {
        var deadlines = Enumerable.Range(0, 100).Select(seed => new TestNode("A", new TestClock(), Given.Disk("A", 1, [1]), seed: seed).Raft.NextDeadline).ToList();
        var widest = deadlines.Max() - deadlines.Min();
        Assert.True(widest > TimeSpan.FromMilliseconds(130), $"All within {widest}.");
        Assert.True(deadlines.Distinct().Count() > 95);
    }
}
