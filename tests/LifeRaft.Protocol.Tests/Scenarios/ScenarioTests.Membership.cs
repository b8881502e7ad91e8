using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Scenarios;

/// <summary>Membership.</summary>
public sealed partial class ScenarioTests
{
    [Fact]
    public void S40_no_membership_changes_before_the_leader_committed_an_entry_of_its_own()
    {
        var leader = Given.Leader("A", term: 4, log: [1, 2]);
        leader.Add(Given.Member("D"), "add");
        leader.Remove("C", "remove");
        Assert.Equal((Outcome.ChangeInProgress, Outcome.ChangeInProgress), (leader.OutcomeOf("add"), leader.OutcomeOf("remove")));
        Assert.Equal([1, 2, 4], leader.Disk.Terms);
        leader.Receive(Message.Appended("B", "A", term: 4, match: 3));
        leader.Remove("C", "again");
        Assert.True(leader.Raft.Configuration.IsJoint);
    }

    [Fact]
    public void S40_one_membership_change_at_a_time()
    {
        var leader = Given.Leader("A", term: 4, log: [1]);
        leader.Receive(Message.Appended("B", "A", term: 4, match: 2));
        leader.Remove("C", "first");
        leader.Remove("B", "second");
        leader.Add(Given.Member("D"), "third");
        Assert.Null(leader.OutcomeOf("first"));
        Assert.Equal((Outcome.ChangeInProgress, Outcome.ChangeInProgress), (leader.OutcomeOf("second"), leader.OutcomeOf("third")));
    }

    /// <summary>The fork that Ongaro described in 2015: two leaders change the membership of four nodes in turn, and neither counts the other's.</summary>
    [Fact]
    public void S40_two_removals_by_two_leaders_do_not_fork_a_group_of_four()
    {
        var group = new TestGroup("ABCD");
        group.Elect("A");
        group.Isolate("A");
        group["A"].Remove("D", "by A");
        group.Settle();
        group.Elect("B");
        group["B"].Remove("A", "by B");
        group.Settle();
        Assert.Equal(Outcome.Done, group["B"].OutcomeOf("by B"));
        group.Heal();
        group.RunFor(3_000);
        Assert.Equal(["B", "C", "D"], group.Leader.Raft.Configuration.Voters.Select(member => member.Address));
        Assert.Equal((Outcome.Unknown, NodeEnd.Removed), (group["A"].OutcomeOf("by A"), group["A"].End));
    }

    [Fact]
    public void S41_a_configuration_that_is_truncated_is_in_force_no_longer()
    {
        var node = Given.Node("B", term: 2, log: [1]);
        var next = Given.ConfigurationEntry(2, 2, Given.Configuration("AC"));
        node.Receive(Message.Append("A", "B", term: 2, 1, 1, []) with { Entries = [next] });
        Assert.Equal(RaftState.Child, node.State);
        node.Receive(Message.Append("C", "B", term: 3, 1, 1, entries: [3]));
        Assert.Equal((RaftState.Follower, 3), (node.State, node.Raft.Configuration.Voters.Length));
        node.Crash();
        node.Restart();
        Assert.Equal((RaftState.Follower, 3), (node.State, node.Raft.Configuration.Voters.Length));
    }

    [Fact]
    public void S42_a_leader_that_is_removed_leads_until_that_is_committed_and_then_ends()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        leader.Remove("A", "remove", handOver: false);
        leader.Propose("x");
        group.RunFor(2_000);
        Assert.Equal(Outcome.Done, leader.OutcomeOf("remove"));
        Assert.Equal(NodeEnd.Removed, leader.End);
        Assert.Equal(["B", "C"], group.Leader.Raft.Configuration.Voters.Select(member => member.Address));
        Assert.Equal("x", Payload(group.Leader.Disk.Log.Single(entry => entry.Kind == EntryKind.Command)));
    }

    [Fact]
    public void S42_a_leader_that_is_removed_hands_over_first()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        leader.Remove("A", "remove");
        group.Settle();
        Assert.Equal(Outcome.LeadershipMoving, leader.OutcomeOf("remove"));
        Assert.NotEqual("A", group.Leader.Name);
        group.Leader.Remove("A", "again");
        group.RunFor(100);
        Assert.Equal((Outcome.Done, NodeEnd.Removed), (group.Leader.OutcomeOf("again"), leader.End));
    }

    [Fact]
    public void S42_a_member_that_was_admitted_later_leads_after_a_restart_without_stepping_down()
    {
        // After a restart it meets the old configurations again, in which it is no voter: they are history, not its removal.
        var group = new TestGroup("A");
        group.Elect("A");
        group.StartBlank("B");
        group["A"].Add(Given.Member("B"), "add");
        group.RunFor(100);
        Assert.Equal(Outcome.Done, group["A"].OutcomeOf("add"));
        foreach (var node in group.Nodes)
        {
            node.Crash();
            node.Restart();
        }

        group["B"].Events.Clear();
        group.Elect("B");
        Assert.Equal([RaftState.Candidate, RaftState.Leader], group["B"].Events.OfType<StateChanged>().Select(change => change.New));
        Assert.Equal(group["B"].Last, group["B"].Commit);
    }

    [Fact]
    public void S42_a_leader_whose_removal_is_committed_before_it_is_on_its_own_disk_leads_no_more()
    {
        var leader = Given.Leader("A", term: 3, log: [1]);
        leader.Receive(Message.Appended("B", "A", term: 3, match: 2));
        leader.Receive(Message.Appended("C", "A", term: 3, match: 2));
        leader.Remove("A", "remove", handOver: false);
        leader.WritesByHand = true;
        leader.Receive(Message.Appended("B", "A", term: 3, match: 3));
        leader.Receive(Message.Appended("C", "A", term: 3, match: 3));
        leader.Receive(Message.Appended("B", "A", term: 3, match: 4));
        leader.Receive(Message.Appended("C", "A", term: 3, match: 4));
        Assert.Equal((4, null), (leader.Commit, leader.End));
        Assert.NotEqual(RaftState.Leader, leader.State);
        leader.CompleteWrite();
        Assert.Equal((Outcome.Done, NodeEnd.Removed), (leader.OutcomeOf("remove"), leader.End));
    }

    [Fact]
    public void S42_nothing_is_answered_twice_when_a_removed_leader_steps_down()
    {
        // The acknowledgement that commits the removal comes with the answer to the heartbeat that would confirm a read.
        var leader = Given.Leader("A", term: 3, log: [1]);
        leader.Receive(Message.Appended("B", "A", term: 3, match: 2));
        leader.Receive(Message.Appended("C", "A", term: 3, match: 2));
        leader.Remove("A", "remove", handOver: false);
        leader.Receive(Message.Appended("B", "A", term: 3, match: 3));
        leader.Receive(Message.Appended("C", "A", term: 3, match: 3));
        leader.Receive(Message.Appended("B", "A", term: 3, match: 4));
        leader.Read("read");
        var round = leader.Take<HeartbeatRequest>()[^1].Round;
        leader.Receive(Message.Heard("B", "A", term: 3, round));
        leader.Receive(Message.Heard("C", "A", term: 3, round, verified: 4, match: 4));
        Assert.Equal(NodeEnd.Removed, leader.End);
        Assert.NotNull(leader.OutcomeOf("read"));
    }

    [Fact]
    public void S43_the_next_leader_leaves_the_joint_state()
    {
        var group = new TestGroup("ABCD");
        var leader = group.Elect("A");
        group.Hold = message => message is AppendResponse;
        leader.Remove("D", "remove");
        group.Settle();
        leader.Crash();
        (group.Hold, _) = (null, group.Held.RemoveAll(_ => true));
        Assert.True(group["B"].Raft.Configuration.IsJoint);
        group.RunFor(2_000);
        Assert.False(group["B"].Raft.Configuration.IsJoint);
        Assert.Equal(["A", "B", "C"], group["B"].Raft.Configuration.Voters.Select(member => member.Address));
    }

    [Fact]
    public void S44_a_node_with_an_empty_disk_under_an_old_id_neither_votes_nor_acknowledges()
    {
        var group = new TestGroup("ABC");
        group.Elect("A").Propose("x");
        group.Settle();
        group["C"].RestartWithEmptyDisk();
        group["C"].Receive(Message.VoteRequest("B", "C", term: 9, lastIndex: 9, lastTerm: 9));
        group["C"].Receive(Message.VoteRequest("B", "C", term: 9, lastIndex: 9, lastTerm: 9, preVote: true));
        Assert.Empty(group["C"].Take<VoteResponse>());
        Assert.All(group["C"].Take<Refusal>(), refusal => Assert.Equal(RefusalReason.Blank, refusal.Reason));
        group.RunFor(1_000);
        Assert.Empty(group["C"].Disk.Log);
        Assert.Equal(RefusalReason.Blank, group["A"].Raft.Status().Followers.Single(status => status.Member.Address == "C").Refusal);

        // Without B there is no majority any more: C does not count.
        group.Isolate("B");
        group.RunFor(1_000);
        Assert.DoesNotContain(group.Nodes, node => node.IsLeader);
    }

    [Fact]
    public void S44_who_refuses_gets_heartbeats_and_no_entries_until_it_answers()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        group["C"].RestartWithEmptyDisk();
        leader.Propose("x", bytes: 1_000);
        var toC = new List<RaftMessage>();
        group.Hold = message =>
        {
            toC.AddRange(message.To == Given.Id("C") ? [message] : []);
            return false;
        };
        group.RunFor(2_000);
        Assert.Single(toC.OfType<AppendRequest>());
        Assert.InRange(toC.OfType<HeartbeatRequest>().Count(), 35, 45);
        leader.Receive(Message.Heard("C", "A", term: 2, toC.OfType<HeartbeatRequest>().Last().Round));
        Assert.Equal(Given.Id("C"), leader.TakeOne<AppendRequest>().To);
    }

    [Fact]
    public void S44_it_is_admitted_anew_under_another_id()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        group["C"].RestartWithEmptyDisk();
        leader.Remove("C", "remove");
        group.RunFor(200);
        group.StartBlank("D");
        leader.Add(Given.Member("D", address: "C"), "add");
        group.RunFor(500);
        Assert.Equal((Outcome.Done, Outcome.Done), (leader.OutcomeOf("remove"), leader.OutcomeOf("add")));
        Assert.Equal((RaftState.Follower, leader.Commit), (group["D"].State, group["D"].Commit));
        leader.Add(Given.Member("C"), "old id");
        Assert.Equal(Outcome.AddressTaken, leader.OutcomeOf("old id"));
    }

    [Fact]
    public void S45_a_learner_that_lags_becomes_no_voter_and_the_group_goes_on()
    {
        var group = new TestGroup("A", new RaftSettings { CaughtUpWithinEntries = 10 });
        var leader = group.Elect("A");
        group.StartBlank("B");
        group.Isolate("B");
        leader.Add(Given.Member("B"), "add");
        for (var i = 0; i < 100; i++)
        {
            leader.Propose($"x{i}");
        }

        group.RunFor(1_000);
        Assert.Null(leader.OutcomeOf("add"));
        Assert.True(leader.HasApplied("x99"));
        group.Heal();
        group.RunFor(1_000);
        Assert.Equal(Outcome.Done, leader.OutcomeOf("add"));
    }

    [Fact]
    public void S45_a_learner_that_caught_up_once_and_is_down_now_becomes_no_voter()
    {
        var group = new TestGroup("A");
        var leader = group.Elect("A");
        group.StartBlank("B");
        leader.Add(Given.Member("B"), "learn", isVoter: false);
        group.RunFor(200);
        Assert.Equal(Outcome.Done, leader.OutcomeOf("learn"));
        group["B"].Crash();
        group.RunFor(1_000);
        leader.Add(Given.Member("B"), "vote");
        group.RunFor(1_000);
        leader.Propose("x");
        group.RunFor(1_000);
        Assert.True(leader.HasApplied("x"));
        Assert.Null(leader.OutcomeOf("vote"));
        group["B"].Restart();
        group.RunFor(1_000);
        Assert.Equal(Outcome.Done, leader.OutcomeOf("vote"));
    }

    [Fact]
    public void S45_a_learner_that_is_down_becomes_no_voter_even_where_the_others_could_decide_without_it()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        group.StartBlank("D");
        leader.Add(Given.Member("D"), "learn", isVoter: false);
        group.RunFor(200);
        group["D"].Crash();
        group.RunFor(1_000);
        leader.Add(Given.Member("D"), "vote");
        group.RunFor(1_000);
        Assert.Equal((3, null), (leader.Raft.Configuration.Voters.Length, leader.OutcomeOf("vote")));
    }

    [Fact]
    public void S45_a_learner_that_was_not_heard_becomes_a_voter_once_it_answers()
    {
        var group = new TestGroup("A");
        var leader = group.Elect("A");
        group.StartBlank("B");
        leader.Add(Given.Member("B"), "learn", isVoter: false);
        group.RunFor(200);
        group.CutOneWay("B", "A");
        group.RunFor(1_000);
        leader.Add(Given.Member("B"), "vote");
        group.RunFor(1_000);
        Assert.Null(leader.OutcomeOf("vote"));
        group.Heal();
        group.RunFor(1_000);
        Assert.Equal(Outcome.Done, leader.OutcomeOf("vote"));
    }

    [Fact]
    public void S45_a_member_is_removed_only_when_those_who_stay_can_decide()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        group["C"].Crash();
        group.RunFor(1_000);
        leader.Remove("B", "the live one");
        group.RunFor(1_000);
        Assert.Equal(Outcome.NoMajority, leader.OutcomeOf("the live one"));
        leader.Propose("x");
        group.RunFor(100);
        Assert.True(leader.HasApplied("x"));
        leader.Remove("C", "the dead one");
        group.RunFor(1_000);
        Assert.Equal(Outcome.Done, leader.OutcomeOf("the dead one"));
    }

    [Fact]
    public void S45_who_waits_for_a_member_that_is_removed_meanwhile_is_told()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        leader.Add(Given.Member("D"), "add");
        group.RunFor(200);
        Assert.Null(leader.OutcomeOf("add"));
        leader.Remove("D", "remove");
        group.RunFor(200);
        Assert.Equal((Outcome.UnknownMember, Outcome.Done), (leader.OutcomeOf("add"), leader.OutcomeOf("remove")));
    }

    [Fact]
    public void S45_a_removal_is_done_when_it_is_committed_not_when_it_is_appended()
    {
        var leader = Given.Leader("A", term: 3, log: [1]);
        leader.Receive(Message.Appended("B", "A", term: 3, match: 2));
        leader.Remove("C", "first");
        leader.Receive(Message.Appended("B", "A", term: 3, match: 3));
        Assert.Equal(4, leader.Last);
        leader.Remove("C", "second");
        Assert.Equal((null, null), (leader.OutcomeOf("first"), leader.OutcomeOf("second")));
        leader.Receive(Message.Appended("B", "A", term: 3, match: 4));
        Assert.Equal((Outcome.Done, Outcome.Done), (leader.OutcomeOf("first"), leader.OutcomeOf("second")));
    }

    [Fact]
    public void S46_a_removed_member_that_hangs_is_not_waited_for_and_gets_nothing_more()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        group.Hold = message => message.From == Given.Id("C");
        leader.Remove("C", "remove");
        group.Settle();
        Assert.Equal(Outcome.Done, leader.OutcomeOf("remove"));
        leader.Propose("x");
        var after = leader.Outbox.ToList();
        group.RunFor(500);
        Assert.True(leader.HasApplied("x"));
        Assert.DoesNotContain(after, message => message.To == Given.Id("C"));
        Assert.DoesNotContain(leader.Raft.Status().Followers, follower => follower.Member.Address == "C");
    }
}
