using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Paper;

/// <summary>Figure 2, "RequestVote RPC", and section 5.4.1.</summary>
public sealed partial class PaperTests
{
    /// <summary>RequestVote, arguments: "term, candidateId, lastLogIndex, lastLogTerm".</summary>
    [Fact]
    public void RequestVote_carries_the_arguments_of_figure_2()
    {
        var node = Given.Node("A", term: 4, log: [1, 1, 3]);
        node.Campaign();
        var requests = node.Take<VoteRequest>();
        Assert.Equal([Given.Id("B"), Given.Id("C")], requests.Select(request => request.To));
        Assert.All(requests, request => Assert.Equal(
            (5, Given.Id("A"), 3, 3), (request.Term.Value, request.From, request.LastIndex.Value, request.LastTerm.Value)));
    }

    /// <summary>RequestVote 1: "Reply false if term &lt; currentTerm (5.1)", and results: "term: currentTerm, for candidate to update itself".</summary>
    [Fact]
    public void RequestVote_1_refuses_an_older_term_and_names_the_present_one()
    {
        var node = Given.Node("B", term: 3, log: [1]);
        node.Receive(Message.VoteRequest("A", "B", term: 2, lastIndex: 9, lastTerm: 2));
        var answer = node.TakeOne<VoteResponse>();
        Assert.Equal((false, 3), (answer.Granted, answer.Term.Value));
    }

    /// <summary>RequestVote 2: "If votedFor is null or candidateId, and candidate's log is at least as up-to-date as receiver's log, grant vote (5.2, 5.4)".</summary>
    [Theory]
    [InlineData(null, true)]
    [InlineData("A", true)]
    [InlineData("C", false)]
    public void RequestVote_2_grants_one_vote_per_term_first_come_first_served(string? votedFor, bool granted)
    {
        var node = Given.Node("B", term: 2, log: [1], votedFor: votedFor);
        node.Receive(Message.VoteRequest("A", "B", term: 2, lastIndex: 1, lastTerm: 1));
        Assert.Equal(granted, node.TakeOne<VoteResponse>().Granted);
    }

    /// <summary>
    /// 5.4.1: "If the logs have last entries with different terms, then the log with the later term is more up-to-date. If the logs
    /// end with the same term, then whichever log is longer is more up-to-date." The receiver's log ends with index 3 of term 2.
    /// </summary>
    [Theory]
    [InlineData(3, 2, true)]
    [InlineData(4, 2, true)]
    [InlineData(2, 2, false)]
    [InlineData(2, 3, true)]
    [InlineData(9, 1, false)]
    public void RequestVote_2_compares_last_terms_first_and_then_lengths(long lastIndex, int lastTerm, bool granted)
    {
        var node = Given.Node("B", term: 4, log: [1, 1, 2]);
        node.Receive(Message.VoteRequest("A", "B", term: 5, lastIndex, lastTerm));
        Assert.Equal(granted, node.TakeOne<VoteResponse>().Granted);
        Assert.Equal(granted ? Given.Id("A") : MemberId.None, node.Disk.HardState.VotedFor);
    }

    /// <summary>5.4.1: "the voter denies its vote if its own log is more up-to-date", and still adopts the term (5.1).</summary>
    [Fact]
    public void A_denied_vote_still_moves_the_term()
    {
        var node = Given.Node("B", term: 4, log: [1, 1, 2]);
        node.Receive(Message.VoteRequest("A", "B", term: 9, lastIndex: 1, lastTerm: 1));
        Assert.Equal((false, 9), (node.TakeOne<VoteResponse>().Granted, node.Term));
    }

    /// <summary>RequestVote 2 for one who asks for pre-votes: it is still a follower, and its vote of the term is free.</summary>
    [Fact]
    public void RequestVote_2_is_granted_by_a_node_that_only_asks_for_pre_votes()
    {
        var node = Given.Node("B", term: 2, log: [1]);
        node.TimeOut();
        Assert.All(node.Take<VoteRequest>(), request => Assert.True(request.IsPreVote));
        node.Receive(Message.VoteRequest("A", "B", term: 2, lastIndex: 1, lastTerm: 1));
        Assert.True(node.TakeOne<VoteResponse>().Granted);

        // What it asked before is void: it has just granted a vote.
        node.Receive(Message.Vote("C", "B", term: 2, granted: true, preVote: true));
        Assert.Equal((RaftState.Follower, 2), (node.State, node.Term));
    }
}
