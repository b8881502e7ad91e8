using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Paper;

/// <summary>Sections 5.1 and 5.2: terms and leader election.</summary>
public sealed partial class PaperTests
{
    /// <summary>5.1: "If a server receives a request with a stale term number, it rejects the request."</summary>
    [Fact]
    public void Section_5_1_stale_requests_are_rejected_and_change_nothing()
    {
        foreach (var node in new[] { Given.Node("A", 4, [1, 1]), Given.Candidate("A", 4, [1, 1]), Given.Leader("A", 4, [1, 1]) })
        {
            var before = node.Raft.Status();
            node.Receive(Message.Append("B", "A", term: 3, 1, 1, entries: [3]));
            node.Receive(Message.Heartbeat("B", "A", term: 3, commit: 2));
            node.Receive(Message.VoteRequest("B", "A", term: 3, lastIndex: 9, lastTerm: 3));
            node.Receive(Message.TimeoutNow("B", "A", term: 3));
            Assert.Equal((before.State, before.Term, before.VotedFor, before.Leader, before.Last), Essence(node.Raft.Status()));
            Assert.All(node.Outbox, answer => Assert.Equal(4, answer.Term.Value));
        }

        static (RaftState, Term, MemberId, MemberId, LogIndex) Essence(RaftStatus status) =>
            (status.State, status.Term, status.VotedFor, status.Leader, status.Last);
    }

    /// <summary>5.2: "When servers start up, they begin as followers."</summary>
    [Fact]
    public void Section_5_2_servers_begin_as_followers() =>
        Assert.Equal((RaftState.Follower, MemberId.None), (Given.Node("A", 4, [1]).State, Given.Node("A", 4, [1]).Raft.Leader));

    /// <summary>5.2: "The majority rule ensures that at most one candidate can win the election for a particular term."</summary>
    [Fact]
    public void Section_5_2_of_two_candidates_in_a_term_at_most_one_wins()
    {
        var group = new TestGroup("ABCDE");
        group["A"].Campaign();
        group["B"].Campaign();
        group.Settle();
        Assert.Single(group.Nodes, node => node.IsLeader);
        Assert.All(group.Nodes, node => Assert.Equal(2, node.Term));
    }

    /// <summary>5.2: "If the term in the RPC is smaller than the candidate's current term, then the candidate rejects the RPC and continues in candidate state."</summary>
    [Fact]
    public void Section_5_2_a_candidate_ignores_an_older_leader()
    {
        var node = Given.Candidate("A", term: 4, log: [1]);
        node.Receive(Message.Append("B", "A", term: 3, 1, 1, entries: [3]));
        Assert.Equal((RaftState.Candidate, 4, 1L), (node.State, node.Term, node.Last));
    }

    /// <summary>5.2: "if many followers become candidates at the same time, votes could be split so that no candidate obtains a majority ... each candidate will time out and start a new election".</summary>
    [Fact]
    public void Section_5_2_a_split_vote_is_followed_by_an_election_that_is_not_split()
    {
        var group = new TestGroup("ABCD");
        group["A"].Campaign();
        group["B"].Campaign();
        group.Collect();
        group.InFlight.RemoveAll(message => (message.From == Given.Id("A") && message.To == Given.Id("D")) || (message.From == Given.Id("B") && message.To == Given.Id("C")));
        group.Settle();
        Assert.DoesNotContain(group.Nodes, node => node.IsLeader);
        group.RunFor(2_000);
        Assert.Single(group.Nodes, node => node.IsLeader);
    }

    /// <summary>5.2: "election timeouts are chosen randomly from a fixed interval", each time anew.</summary>
    [Fact]
    public void Section_5_2_timeouts_are_drawn_from_the_interval_each_time()
    {
        var node = Given.Node("A", term: 1, log: [1]);
        var drawn = new HashSet<double>();
        for (var i = 0; i < 200; i++)
        {
            node.Receive(Message.Heartbeat("B", "A", term: 1));
            drawn.Add((node.Raft.NextDeadline - node.Now).TotalMilliseconds);
        }

        Assert.All(drawn, milliseconds => Assert.InRange(milliseconds, 150, 300));
        Assert.True(drawn.Count > 150, $"Only {drawn.Count} different timeouts in 200.");
    }

    /// <summary>5.4.1: "a candidate [cannot] win an election unless its log contains all committed entries".</summary>
    [Fact]
    public void Section_5_4_1_nobody_without_the_committed_entries_is_elected()
    {
        var group = new TestGroup("ABC");
        group.Isolate("C");
        group.Elect("A").Propose("x");
        group.Settle();
        Assert.True(group["A"].HasApplied("x"));
        group["A"].Crash();
        group.Heal();
        for (var i = 0; i < 5; i++)
        {
            group["C"].Campaign();
            group.Settle();
            Assert.NotEqual(RaftState.Leader, group["C"].State);
        }

        group.RunFor(2_000);
        Assert.Equal(RaftState.Leader, group["B"].State);
    }
}
