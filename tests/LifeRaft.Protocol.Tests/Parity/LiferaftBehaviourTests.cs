using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Parity;

/// <summary>Behaviours that liferaft's own tests pin down, as far as they concern the protocol.</summary>
public sealed class LiferaftBehaviourTests
{
    [Fact]
    public void Random_timeouts_spread_over_the_whole_range()
    {
        var node = Given.Node("A", term: 1, log: [1]);
        var buckets = new int[15];
        for (var i = 0; i < 15_000; i++)
        {
            node.Receive(Message.Heartbeat("B", "A", term: 1));
            var milliseconds = (node.Raft.NextDeadline - node.Now).TotalMilliseconds;
            Assert.InRange(milliseconds, 150, 300);
            buckets[Math.Min(14, (int)((milliseconds - 150) / 10))]++;
        }

        Assert.All(buckets, count => Assert.InRange(count, 800, 1_200));
    }

    [Fact]
    public void A_vote_resets_on_a_new_term()
    {
        var node = Given.Node("B", term: 1, log: [1]);
        node.Receive(Message.VoteRequest("A", "B", term: 2, lastIndex: 1, lastTerm: 1));
        node.Receive(Message.VoteRequest("C", "B", term: 3, lastIndex: 1, lastTerm: 1));
        Assert.All(node.Take<VoteResponse>(), answer => Assert.True(answer.Granted));
        Assert.Equal([new TermChanged(new Term(2), new Term(1)), new TermChanged(new Term(3), new Term(2))], node.Events.OfType<TermChanged>());
    }

    [Fact]
    public void A_promote_with_five_peers_asks_all_five()
    {
        var node = Given.Node("A", term: 1, log: [1], voters: "ABCDEF");
        node.Campaign();
        Assert.Equal(["B", "C", "D", "E", "F"], node.Take<VoteRequest>().Select(request => "ABCDEF".Select(letter => letter.ToString()).Single(name => Given.Id(name) == request.To)));
        Assert.Equal((RaftState.Candidate, Outcome.Done), (node.State, node.OutcomeOf("campaign")));
    }

    [Fact]
    public void A_promote_on_a_leader_changes_nothing()
    {
        var leader = Given.Leader("A", term: 2, log: [1]);
        leader.Campaign("again");
        Assert.Equal((RaftState.Leader, 2, Outcome.Done), (leader.State, leader.Term, leader.OutcomeOf("again")));
    }

    [Fact]
    public void A_cluster_of_four_with_one_promoted_node_elects_it_and_the_followers_do_not_change_state()
    {
        var group = new TestGroup("ABCD");
        group["C"].Campaign();
        group.RunFor(500);
        Assert.Equal(RaftState.Leader, group["C"].State);
        Assert.All(group.Nodes, node => Assert.Equal((Given.Id("C"), 2), (node.Raft.Leader, node.Term)));
        Assert.All(group.Nodes.Where(node => node.Name != "C"), node => Assert.Empty(node.Events.OfType<StateChanged>()));
        Assert.Equal([RaftState.Candidate, RaftState.Leader], group["C"].Events.OfType<StateChanged>().Select(change => change.New));
    }

    [Fact]
    public void End_stops_every_timer()
    {
        foreach (var node in new[] { Given.Node("A", 2, [1]), Given.Candidate("A", 2, [1]), Given.Leader("A", 2, [1]) })
        {
            node.Stop(NodeEnd.Failed);
            Assert.Equal((RaftState.Stopped, TimeSpan.MaxValue), (node.State, node.Raft.NextDeadline));
            node.Tick();
            node.Receive(Message.Heartbeat("B", "A", term: 9));
            node.Propose("x");
            Assert.Empty(node.Outbox);
            Assert.Equal((Outcome.Stopped, 2), (node.OutcomeOf("x"), node.Term));
        }
    }

    [Fact]
    public void A_blank_node_has_no_timer()
    {
        var node = new TestNode("A", new TestClock(), new TestDisk());
        Assert.Equal((RaftState.Child, TimeSpan.MaxValue), (node.State, node.Raft.NextDeadline));
    }

    [Fact]
    public void The_states_have_liferafts_names_and_numbers() =>
        Assert.Equal(["Stopped", "Leader", "Candidate", "Follower", "Child"], Enum.GetValues<RaftState>().Order().Select(state => state.ToString()));

    [Fact]
    public void The_end_of_the_group_is_the_end_of_every_member()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        leader.Do(raft => raft.Dissolve("dissolve", 0, group.Clock.Now));
        group.RunFor(200);
        Assert.True(leader.HasApplied("dissolve"));
        Assert.All(group.Nodes, node => Assert.Equal((NodeEnd.Dissolved, RaftState.Stopped), (node.End, node.State)));
    }
}
