using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Parity;

/// <summary>What liferaft gets wrong, made right here: the rows that concern the protocol, each a test whose name says the row.</summary>
public sealed class LiferaftDefectTests
{
    [Fact]
    public void Votes_are_counted_by_member_once()
    {
        var node = Given.Candidate("A", term: 2, log: [1], voters: "ABCDE");
        for (var i = 0; i < 3; i++)
        {
            node.Receive(Message.Vote("B", "A", term: 2, granted: true));
        }

        Assert.Equal(RaftState.Candidate, node.State);
        node.Receive(Message.Vote("Z", "A", term: 2, granted: true)); // Who is no member counts never.
        Assert.Equal(RaftState.Candidate, node.State);
        node.Receive(Message.Vote("C", "A", term: 2, granted: true));
        Assert.Equal(RaftState.Leader, node.State);
    }

    [Fact]
    public void Every_departure_is_announced_once()
    {
        var group = new TestGroup("ABCDE");
        var leader = group.Elect("A");
        foreach (var leaving in new[] { "E", "D", "C", "B" })
        {
            leader.Remove(leaving, "remove " + leaving);
            group.RunFor(100);
        }

        Assert.Equal(["E", "D", "C", "B"], leader.Events.OfType<MemberLeft>().Select(left => left.Member.Address));
        Assert.Equal(["E", "D", "C"], group["B"].Events.OfType<MemberLeft>().Select(left => left.Member.Address).Take(3));
    }

    [Fact]
    public void Joining_twice_is_idempotent()
    {
        var group = new TestGroup("A");
        var leader = group.Elect("A");
        group.StartBlank("B");
        leader.Add(Given.Member("B"), "once");
        leader.Add(Given.Member("B"), "twice");
        group.RunFor(200);
        var length = leader.Last;
        leader.Add(Given.Member("B"), "thrice");
        group.RunFor(200);
        Assert.Equal((Outcome.Done, Outcome.Done, Outcome.Done), (leader.OutcomeOf("once"), leader.OutcomeOf("twice"), leader.OutcomeOf("thrice")));
        Assert.Equal((2, length), (leader.Raft.Configuration.Voters.Length, leader.Last));
        Assert.Single(leader.Events.OfType<MemberJoined>(), joined => joined.Member.Address == "B");
    }

    [Fact]
    public void A_single_node_reaches_a_quorum_and_elects_itself()
    {
        var node = Given.Node("A", term: 1, log: [1], voters: "A");
        node.TimeOut();
        Assert.Equal((RaftState.Leader, 2, 2L), (node.State, node.Term, node.Commit));
    }

    [Fact]
    public void A_group_is_founded_by_one_node_which_leads_it()
    {
        var node = new TestNode("A", new TestClock(), new TestDisk());
        node.Do(raft => Assert.True(raft.TryFound(Given.Group, Given.Member("A"), GroupTimings.Default, node.Now)));
        Assert.Equal((RaftState.Leader, 2L), (node.State, node.Commit));
        Assert.Equal(new NodeIdentity(Given.Group, node.Id), node.Disk.Identity);
        node.Do(raft => Assert.False(raft.TryFound(Given.Group, Given.Member("A"), GroupTimings.Default, node.Now)));
    }

    [Fact]
    public void A_command_on_a_follower_is_an_error_that_names_the_leader()
    {
        var group = new TestGroup("ABC");
        group.Elect("A");
        group["B"].Propose("x");
        Assert.Equal((Outcome.NotLeader, "A"), (group["B"].Answers[^1].Outcome, group["B"].Answers[^1].Leader?.Address));
    }

    [Fact]
    public void Term_and_vote_are_one_atomic_durable_record()
    {
        var node = Given.Node("B", term: 1, log: [1]);
        node.WritesByHand = true;
        node.Receive(Message.VoteRequest("A", "B", term: 5, lastIndex: 1, lastTerm: 1));
        Assert.Equal(new HardState(new Term(5), Given.Id("A")), node.Disk.Writing?.HardState);
        node.CompleteWrite();
        node.Crash();
        node.Restart();
        Assert.Equal((5, Given.Id("A")), (node.Term, node.Raft.Status().VotedFor));
    }

    [Fact]
    public void A_restarted_node_applies_its_committed_entries_again_each_once()
    {
        var group = new TestGroup("ABC");
        group.Elect("A").Propose("x");
        group.RunFor(100);
        group["B"].Crash();
        group["B"].Restart();
        group.RunFor(300);
        Assert.Equal([1, 2, 3], group["B"].Applied.Select(entry => entry.Entry.Index.Value));
    }

    [Fact]
    public void The_previous_entrys_term_is_compared()
    {
        var node = Given.Node("B", term: 3, log: [1, 2]);
        node.Receive(Message.Append("A", "B", term: 3, 2, 3, entries: [3]));
        Assert.True(node.TakeOne<AppendResponse>().IsConflict);
        Assert.Equal([1, 2], node.Disk.Terms);
    }

    [Fact]
    public void Only_entries_of_the_leaders_own_term_are_committed_by_counting()
    {
        var leader = Given.Leader("A", term: 3, log: [1, 2]);
        leader.Receive(Message.Appended("B", "A", term: 3, match: 2));
        Assert.Equal(0, leader.Commit);
    }

    [Fact]
    public void Commits_are_reported_in_order_each_once()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        for (var i = 0; i < 50; i++)
        {
            leader.Propose($"x{i}");
        }

        group.Collect();
        group.InFlight.Reverse();
        group.RunFor(500);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"x{i}"), leader.Applied.Select(entry => entry.Caller as string).OfType<string>());
        Assert.All(group.Nodes, node => Assert.Equal(Enumerable.Range(1, 52).Select(i => (long)i), node.Applied.Select(entry => entry.Entry.Index.Value)));
    }

    [Fact]
    public void Appends_carry_batches_and_several_are_under_way()
    {
        var leader = Given.Leader("A", term: 2, log: [1], settings: new RaftSettings { MaximumAppendsInFlight = 3 });
        leader.Receive(Message.Appended("B", "A", term: 2, match: 2));
        for (var i = 0; i < 10; i++)
        {
            leader.Propose($"x{i}");
        }

        Assert.Equal([1, 1, 1], leader.Take<AppendRequest>().Select(append => append.Entries.Count));
        leader.Receive(Message.Appended("B", "A", term: 2, match: 3));
        Assert.Equal(7, leader.TakeOne<AppendRequest>().Entries.Count);
    }

    [Fact]
    public void A_conflict_is_stepped_over_by_term()
    {
        var group = new TestGroup(("A", Given.Disk("A", 4, [1, 1, 4])), ("B", Given.Disk("B", 4, [1, .. Enumerable.Repeat(2, 300)])), ("C", Given.Disk("C", 4, [1])));
        var conflicts = 0;
        group.Hold = message =>
        {
            conflicts += message is AppendResponse { IsConflict: true } && message.From == Given.Id("B") ? 1 : 0;
            return false;
        };
        group.Elect("A");
        Assert.Equal([1, 1, 4, 5], group["B"].Disk.Terms);
        Assert.InRange(conflicts, 1, 2);
    }

    [Fact]
    public void Granting_a_vote_does_not_set_the_leader()
    {
        var node = Given.Node("B", term: 1, log: [1]);
        node.Receive(Message.VoteRequest("A", "B", term: 2, lastIndex: 1, lastTerm: 1));
        Assert.Equal(MemberId.None, node.Raft.Leader);
        Assert.Empty(node.Events.OfType<LeaderChanged>());
        node.Receive(Message.Heartbeat("A", "B", term: 2));
        Assert.Equal([new LeaderChanged(Given.Id("A"), MemberId.None)], node.Events.OfType<LeaderChanged>());
    }

    [Fact]
    public void The_vote_check_compares_last_term_and_last_index_lexicographically()
    {
        var node = Given.Node("B", term: 3, log: [1, 1, 3]);
        node.Receive(Message.VoteRequest("A", "B", term: 4, lastIndex: 30, lastTerm: 2));
        Assert.False(node.TakeOne<VoteResponse>().Granted);
        node.Receive(Message.VoteRequest("C", "B", term: 5, lastIndex: 2, lastTerm: 4));
        Assert.True(node.TakeOne<VoteResponse>().Granted);
    }

    [Fact]
    public void A_command_is_answered_by_its_application_not_before_its_commit()
    {
        var leader = Given.Leader("A", term: 2, log: [1]);
        leader.Propose("x");
        Assert.Empty(leader.Applied);
        Assert.Null(leader.OutcomeOf("x"));
        leader.Receive(Message.Appended("B", "A", term: 2, match: 3));
        Assert.True(leader.HasApplied("x"));
    }
}
