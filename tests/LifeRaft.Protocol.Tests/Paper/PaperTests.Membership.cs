using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Paper;

/// <summary>Section 6: cluster membership changes.</summary>
public sealed partial class PaperTests
{
    /// <summary>6: "the cluster first switches to a transitional configuration we call joint consensus; once the joint consensus has been committed, the system then transitions to the new configuration".</summary>
    [Fact]
    public void Section_6_a_change_of_voters_goes_through_joint_consensus()
    {
        var group = new TestGroup("ABC");
        group.Elect("A").Remove("C", "remove");
        Assert.True(group["A"].Raft.Configuration.IsJoint);
        Assert.Null(group["A"].OutcomeOf("remove"));
        group.Settle();
        Assert.Equal(Outcome.Done, group["A"].OutcomeOf("remove"));
        Assert.Equal([Given.Id("A"), Given.Id("B")], group["A"].Raft.Configuration.Voters.Select(member => member.Id));
        Assert.False(group["A"].Raft.Configuration.IsJoint);
    }

    /// <summary>6, joint: "Log entries are replicated to all servers in both configurations."</summary>
    [Fact]
    public void Section_6_entries_go_to_all_servers_of_both_configurations()
    {
        var leader = Given.Leader("A", term: 3, log: [1]);
        Acknowledge(leader, 2, "B", "C");
        leader.Remove("C", "remove");
        var appends = leader.Take<AppendRequest>().Where(append => append.Entries.Count > 0);
        Assert.Equal([Given.Id("B"), Given.Id("C")], appends.Select(append => append.To));
    }

    /// <summary>6, joint: "Any server from either configuration may serve as leader."</summary>
    [Fact]
    public void Section_6_a_server_of_the_old_configuration_may_lead_while_joint()
    {
        var joint = Given.Configuration("ABC").WithoutMember(Given.Id("C"));
        var group = new TestGroup("ABC");
        foreach (var node in group.Nodes)
        {
            node.Disk.Log.Add(Given.ConfigurationEntry(2, 1, joint));
            node.Restart();
        }

        group.Hold = message => message is AppendRequest;
        group.Elect("C");
        group.DeliverHeld();
        group.RunFor(2_000);
        Assert.Contains(group.Leader.Name, "AB");
        Assert.False(group.Leader.Raft.Configuration.IsJoint);
    }

    /// <summary>6, joint: "Agreement (for elections and entry commitment) requires separate majorities from both the old and new configurations": commitment.</summary>
    [Fact]
    public void Section_6_commitment_needs_both_majorities()
    {
        var leader = JointLeaderOf("A", old: "ABC", added: "D");
        leader.Receive(Message.Appended("B", "A", term: 3, match: 3));
        Assert.Equal(0, leader.Commit); // Old: A, B of 3. New: A, B of 4.
        leader.Receive(Message.Appended("D", "A", term: 3, match: 3));
        Assert.Equal(3, leader.Commit); // New: A, B, D of 4.

        var other = JointLeaderOf("A", old: "AB", added: "C");
        other.Receive(Message.Appended("C", "A", term: 3, match: 3));
        Assert.Equal(0, other.Commit); // New: A, C of 3. Old: A of 2.
        other.Receive(Message.Appended("B", "A", term: 3, match: 3));
        Assert.Equal(3, other.Commit);
    }

    /// <summary>6, joint, the same for elections.</summary>
    [Fact]
    public void Section_6_elections_need_both_majorities()
    {
        var node = new TestNode("A", new TestClock(), JointDisk("A", 2, "ABC", "D"));
        node.Campaign();
        node.Receive(Message.Vote("B", "A", term: 3, granted: true));
        Assert.Equal(RaftState.Candidate, node.State); // Old: A, B of 3. New: A, B of 4.
        node.Receive(Message.Vote("D", "A", term: 3, granted: true));
        Assert.Equal(RaftState.Leader, node.State);

        var other = new TestNode("A", new TestClock(), JointDisk("A", 2, "AB", "C"));
        other.Campaign();
        other.Receive(Message.Vote("C", "A", term: 3, granted: true));
        Assert.Equal(RaftState.Candidate, other.State); // New: A, C of 3. Old: A of 2.
        other.Receive(Message.Vote("B", "A", term: 3, granted: true));
        Assert.Equal(RaftState.Leader, other.State);
    }

    /// <summary>6: "a server always uses the latest configuration in its log, regardless of whether the entry is committed".</summary>
    [Fact]
    public void Section_6_the_latest_configuration_in_the_log_is_in_force()
    {
        var node = Given.Node("B", term: 2, log: [1]);
        var next = Given.ConfigurationEntry(2, 2, Given.Configuration("ABCDE"));
        node.Receive(Message.Append("A", "B", term: 2, 1, 1, []) with { Entries = [next] });
        Assert.Equal(0, node.Commit);
        Assert.Equal(5, node.Raft.Configuration.Voters.Length);
    }

    /// <summary>6: "new servers join the cluster as non-voting members (the leader replicates log entries to them, but they are not considered for majorities)".</summary>
    [Fact]
    public void Section_6_new_servers_join_as_non_voting_members_until_they_caught_up()
    {
        var group = new TestGroup("A");
        group.Elect("A");
        group.StartBlank("B");
        group.Hold = message => message.From == Given.Id("B");
        group["A"].Add(Given.Member("B"), "add");
        group["A"].Propose("x");
        group.Settle();
        Assert.True(group["A"].HasApplied("x"));
        Assert.Equal("B", Assert.Single(group["A"].Raft.Configuration.Learners).Address);
        group.DeliverHeld();
        Assert.Equal(Outcome.Done, group["A"].OutcomeOf("add"));
        Assert.Equal(2, group["A"].Raft.Configuration.Voters.Length);
        group.RunFor(100);
        Assert.Equal(RaftState.Follower, group["B"].State);
    }

    /// <summary>6: "the cluster leader may not be part of the new configuration. In this case, the leader steps down once it has committed the C_new log entry"; meanwhile "it replicates log entries but does not count itself in majorities".</summary>
    [Fact]
    public void Section_6_a_leader_that_is_not_in_the_new_configuration_steps_down_once_it_is_committed()
    {
        var leader = Given.Leader("A", term: 3, log: [1]);
        Acknowledge(leader, 2, "B", "C");
        leader.Remove("A", "remove", handOver: false);
        Acknowledge(leader, 3, "B", "C"); // The joint configuration; the new one is at 4.
        Assert.Equal(4, leader.Last);
        leader.Receive(Message.Appended("B", "A", term: 3, match: 4));
        Assert.Equal((3, RaftState.Leader), (leader.Commit, leader.State)); // A and B hold it, but A does not count.
        leader.Receive(Message.Appended("C", "A", term: 3, match: 4));
        Assert.Equal((4, NodeEnd.Removed), (leader.Commit, leader.End));
    }

    /// <summary>6: "servers disregard RequestVote RPCs when they believe a current leader exists", so that removed servers do not disrupt the cluster.</summary>
    [Fact]
    public void Section_6_vote_requests_are_disregarded_while_there_is_a_leader()
    {
        var clock = new TestClock();
        var node = new TestNode("B", clock, Given.Disk("B", 2, [1]));
        node.Receive(Message.Heartbeat("A", "B", term: 2));
        clock.Now += TimeSpan.FromMilliseconds(149);
        node.Receive(Message.VoteRequest("C", "B", term: 9, lastIndex: 9, lastTerm: 8));
        Assert.Equal((2, Given.Id("A")), (node.Term, node.Raft.Leader));
        clock.Now += TimeSpan.FromMilliseconds(1);
        node.Receive(Message.VoteRequest("C", "B", term: 9, lastIndex: 9, lastTerm: 8));
        Assert.Equal((9, Given.Id("C")), (node.Term, node.Disk.HardState.VotedFor));
    }

    private static TestDisk JointDisk(string name, int term, string old, string added)
    {
        var disk = Given.Disk(name, term, [1], old);
        var joint = Given.Configuration(old, added).JointWithVoter(Given.Id(added));
        disk.Log.Add(Given.ConfigurationEntry(2, 1, joint));
        return disk;
    }

    /// <summary>A leader of term 3 whose log is: the old configuration, the joint one, its no-op.</summary>
    private static TestNode JointLeaderOf(string name, string old, string added)
    {
        var node = new TestNode(name, new TestClock(), JointDisk(name, 2, old, added));
        node.Campaign();
        foreach (var voter in (old + added).Select(letter => letter.ToString()).Where(voter => voter != name))
        {
            node.Receive(Message.Vote(voter, name, term: 3, granted: true));
        }

        Assert.Equal(RaftState.Leader, node.State);
        return node;
    }

    private static void Acknowledge(TestNode leader, long match, params string[] followers)
    {
        foreach (var follower in followers)
        {
            leader.Receive(Message.Appended(follower, leader.Name, leader.Term, match));
        }

        leader.Outbox.Clear();
    }
}
