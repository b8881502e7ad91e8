using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Scenarios;

/// <summary>Transfer of leadership, reads, and what a caller is told.</summary>
public sealed partial class ScenarioTests
{
    [Fact]
    public void S47_a_transfer_hands_over_to_the_target_at_once()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        leader.Propose("x");
        leader.Transfer("C");
        leader.Propose("y");
        group.Settle();
        Assert.Equal((Outcome.Done, Outcome.LeadershipMoving), (leader.OutcomeOf("transfer"), leader.OutcomeOf("y")));
        Assert.Equal("C", group.Leader.Name);
        Assert.Equal("x", Payload(group["C"].Disk.Log[2]));
    }

    [Fact]
    public void S47_a_transfer_that_was_interrupted_by_stepping_down_is_over_when_the_node_leads_again()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        group.Hold = message => message is TimeoutNow;
        leader.Transfer("B");
        group.Settle();
        leader.Receive(Message.Heartbeat("C", "A", term: 3));
        group.Hold = null;
        group.Elect("A");
        leader.Propose("x");
        group.Settle();
        Assert.True(leader.HasApplied("x"));
    }

    [Fact]
    public void S47_a_transfer_to_one_who_cannot_be_reached_or_lags_ends_by_its_deadline()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        group.Isolate("C");
        leader.Propose("x");
        group.Settle();
        leader.Transfer("C");
        group.RunFor(299);
        Assert.Null(leader.OutcomeOf("transfer"));
        group.RunFor(1);
        Assert.Equal(Outcome.TimedOut, leader.OutcomeOf("transfer"));
        leader.Propose("y");
        group.Settle();
        Assert.True(leader.HasApplied("y"));
    }

    [Fact]
    public void S47_a_transfer_to_a_learner_an_unknown_member_or_oneself_is_answered_at_once()
    {
        var leader = Given.Leader("A", term: 2, log: [1], voters: "AB", learners: "L");
        leader.Transfer("L", "learner");
        leader.Transfer("X", "unknown");
        leader.Transfer("A", "self");
        Assert.Equal(
            (Outcome.NotAVoter, Outcome.UnknownMember, Outcome.Done), (leader.OutcomeOf("learner"), leader.OutcomeOf("unknown"), leader.OutcomeOf("self")));
        leader.Propose("x");
        Assert.Null(leader.OutcomeOf("x"));
    }

    [Fact]
    public void S48_a_target_that_does_not_know_yet_that_it_votes_stays_quiet()
    {
        var learner = Given.Node("D", term: 2, log: [1], voters: "ABC", learners: "D");
        learner.Receive(Message.Heartbeat("A", "D", term: 2));
        learner.Receive(Message.TimeoutNow("A", "D", term: 2));
        Assert.Equal((RaftState.Child, 2), (learner.State, learner.Term));
    }

    [Fact]
    public void S48_reads_at_the_source_never_miss_what_the_target_committed()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        leader.Transfer("B");
        group.Hold = message => message.To == Given.Id("A") && message is not AppendResponse;
        group.Settle();
        Assert.Equal("B", group.Leader.Name);
        group["B"].Propose("x");
        group.Settle();
        Assert.True(group["B"].HasApplied("x"));

        // A still believes that it leads, and has not heard of x.
        Assert.Equal(RaftState.Leader, leader.State);
        leader.Read("read");
        group.DeliverHeld();
        group.RunFor(100);
        Assert.Equal(Outcome.NotLeader, leader.OutcomeOf("read"));
    }

    [Fact]
    public void S49_a_new_leader_serves_no_read_before_its_no_op_is_committed()
    {
        var group = new TestGroup("ABC");
        group.Elect("A").Propose("x");
        group.Settle();
        group["A"].Crash();
        group.Hold = message => message is AppendRequest or AppendResponse;
        group.Elect("B").Read("read");
        group.RunFor(200);
        Assert.True(group["B"].Commit < 4);
        Assert.Null(group["B"].OutcomeOf("read"));
        group.DeliverHeld();
        Assert.Equal((Outcome.Done, 4), (group["B"].OutcomeOf("read"), group["B"].Raft.AppliedIndex.Value));
    }

    [Fact]
    public void S50_a_deposed_leader_in_a_minority_answers_no_read()
    {
        var group = new TestGroup("ABCDE");
        group.Elect("A");
        foreach (var other in new[] { "C", "D", "E" })
        {
            group.Cut("A", other);
            group.Cut("B", other);
        }

        group["A"].Read("leader");
        group["B"].Read("follower");
        group.RunFor(3_000);
        Assert.Equal((Outcome.NotLeader, Outcome.NotLeader), (group["A"].OutcomeOf("leader"), group["B"].OutcomeOf("follower")));
        Assert.Contains(group.Leader.Name, "CDE");
    }

    [Fact]
    public void S51_a_repeated_answer_to_an_older_round_confirms_no_newer_read()
    {
        var leader = Given.Leader("A", term: 3, log: [1]);
        leader.Receive(Message.Appended("B", "A", term: 3, match: 2));
        leader.Read("first");
        var first = leader.Take<HeartbeatRequest>()[^1].Round;
        leader.Read("second");
        Assert.Empty(leader.Take<HeartbeatRequest>());
        leader.Receive(Message.Heard("B", "A", 3, first, 2, 2));
        Assert.Equal((Outcome.Done, null), (leader.OutcomeOf("first"), leader.OutcomeOf("second")));
        leader.Receive(Message.Heard("B", "A", 3, first, 2, 2));
        leader.Receive(Message.Heard("C", "A", 3, first, 2, 2));
        Assert.Null(leader.OutcomeOf("second"));
        leader.Receive(Message.Heard("C", "A", 3, leader.Take<HeartbeatRequest>()[^1].Round, 2, 2));
        Assert.Equal(Outcome.Done, leader.OutcomeOf("second"));
    }

    [Fact]
    public void S51_answers_of_an_earlier_leadership_confirm_nothing()
    {
        var leader = Given.Leader("A", term: 3, log: [1]);
        leader.Read("old");
        var old = leader.Take<HeartbeatRequest>()[^1].Round;
        leader.Receive(Message.Heartbeat("B", "A", term: 4));
        leader.Campaign();
        leader.Receive(Message.Vote("B", "A", term: 5, granted: true));
        leader.Receive(Message.Appended("B", "A", term: 5, match: leader.Last));
        leader.Read("new");
        leader.Receive(Message.Heard("B", "A", 3, old, 2, 2));
        leader.Receive(Message.Heard("B", "A", 5, round: 0));
        Assert.Equal((Outcome.NotLeader, null), (leader.OutcomeOf("old"), leader.OutcomeOf("new")));
    }

    [Fact]
    public void S52_a_leader_that_stood_still_while_another_was_elected_answers_no_read()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        group.Hold = message => message.To == Given.Id("A") || message.From == Given.Id("A");
        group.Elect("B").Propose("x");
        group.Settle();
        Assert.True(group["B"].HasApplied("x"));

        // The pause is over: a read arrives before anything else does, and its own timers are long past.
        group.Clock.Now += TimeSpan.FromSeconds(5);
        leader.Read("read");
        leader.Tick();
        Assert.Null(leader.OutcomeOf("read"));
        group.DeliverHeld();
        group.RunFor(1_000);
        Assert.Equal(Outcome.NotLeader, leader.OutcomeOf("read"));
    }

    [Fact]
    public void S54_after_a_restart_each_committed_entry_is_applied_once_and_none_before_it_is_durable()
    {
        var node = Given.Node("B", term: 2, log: [1]);
        node.Receive(Message.Append("A", "B", term: 2, 1, 1, entries: [2, 2], commit: 3));
        node.Crash();
        node.Restart();
        Assert.Empty(node.Applied);
        node.WritesByHand = true;
        node.Receive(Message.Append("A", "B", term: 2, 1, 1, entries: [2, 2, 2], commit: 4));
        Assert.Equal([1, 2, 3], node.Applied.Select(entry => entry.Entry.Index.Value));
        node.CompleteWrite();
        node.Receive(Message.Append("A", "B", term: 2, 1, 1, entries: [2, 2, 2], commit: 4));
        Assert.Equal([1, 2, 3, 4], node.Applied.Select(entry => entry.Entry.Index.Value));
    }

    [Fact]
    public void S55_a_read_after_a_restart_does_not_finish_on_an_older_commit()
    {
        // The commit index that the new leader knows is 2; entry 3 is committed too, which it cannot know yet.
        var group = new TestGroup("ABC");
        group.Elect("A");
        group.RunFor(100);
        group["A"].Propose("x");
        group.Settle();
        Assert.Equal((3, 2), (group["A"].Commit, group["B"].Commit));
        group["A"].Crash();
        group.Hold = message => message is AppendRequest;
        group.Elect("B").Read("read");
        group.RunFor(100);
        Assert.Null(group["B"].OutcomeOf("read"));
        group.DeliverHeld();
        group.RunFor(100);
        Assert.Equal(Outcome.Done, group["B"].OutcomeOf("read"));
        Assert.Equal("x", Payload(group["B"].Applied[2].Entry));
    }

    [Fact]
    public void Who_loses_leadership_does_not_name_itself_as_the_leader_to_ask()
    {
        var leader = Given.Leader("A", term: 3, log: [1]);
        leader.Read("read");
        leader.Propose("x");
        leader.Receive(Message.Conflict("B", "A", term: 4, rejected: 1, hint: 0, hintTerm: 0));
        leader.TimeOut();
        Assert.Equal((Outcome.NotLeader, Outcome.Unknown), (leader.OutcomeOf("read"), leader.OutcomeOf("x")));
        Assert.All(leader.Answers.Where(answer => answer.Outcome != Outcome.Done), answer => Assert.Null(answer.Leader));
    }
}
