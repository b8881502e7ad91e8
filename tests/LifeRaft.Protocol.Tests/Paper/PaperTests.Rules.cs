using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Paper;

/// <summary>Figure 2, "Rules for Servers".</summary>
public sealed partial class PaperTests
{
    /// <summary>All servers: "If commitIndex &gt; lastApplied: increment lastApplied, apply log[lastApplied] to state machine (5.3)".</summary>
    [Fact]
    public void All_servers_apply_committed_entries_one_after_the_other()
    {
        var node = Given.Node("B", term: 1, log: [1, 1, 1, 1]);
        node.Receive(Message.Append("A", "B", term: 1, 4, 1, [], commit: 2));
        node.Receive(Message.Append("A", "B", term: 1, 4, 1, [], commit: 4));
        Assert.Equal([1, 2, 3, 4], node.Applied.Select(entry => entry.Entry.Index.Value));
    }

    public static TheoryData<string> HigherTerms => ["append", "heartbeat", "vote request", "vote", "append answer", "heartbeat answer"];

    /// <summary>All servers: "If RPC request or response contains term T &gt; currentTerm: set currentTerm = T, convert to follower (5.1)".</summary>
    [Theory]
    [MemberData(nameof(HigherTerms))]
    public void All_servers_become_followers_in_a_higher_term(string kind)
    {
        RaftMessage message = kind switch
        {
            "append" => Message.Append("B", "A", term: 9, 1, 1, []),
            "heartbeat" => Message.Heartbeat("B", "A", term: 9),
            "vote request" => Message.VoteRequest("B", "A", term: 9, lastIndex: 1, lastTerm: 1, deliberate: true),
            "vote" => Message.Vote("B", "A", term: 9, granted: false, requestTerm: 4),
            "append answer" => Message.Conflict("B", "A", term: 9, rejected: 1, hint: 0, hintTerm: 0),
            _ => Message.Heard("B", "A", term: 9, round: 0),
        };
        foreach (var node in new[] { Given.Node("A", 4, [1, 1]), Given.Candidate("A", 4, [1, 1]), Given.Leader("A", 4, [1, 1]) })
        {
            node.Receive(message);
            Assert.Equal((RaftState.Follower, 9), (node.State, node.Term));
        }
    }

    /// <summary>Followers: "Respond to RPCs from candidates and leaders".</summary>
    [Fact]
    public void Followers_respond_to_candidates_and_leaders()
    {
        var node = Given.Node("B", term: 2, log: [1]);
        node.Receive(Message.VoteRequest("A", "B", term: 2, lastIndex: 1, lastTerm: 1));
        node.TakeOne<VoteResponse>();
        node.Receive(Message.Heartbeat("A", "B", term: 2));
        node.TakeOne<HeartbeatResponse>();
        node.Receive(Message.Append("A", "B", term: 2, 1, 1, []));
        node.TakeOne<AppendResponse>();
    }

    /// <summary>
    /// Followers: "If election timeout elapses without receiving AppendEntries RPC from current leader or granting vote to candidate:
    /// convert to candidate", here by way of PreVote.
    /// </summary>
    [Fact]
    public void Followers_campaign_when_the_election_timeout_elapses()
    {
        var node = Given.Node("B", term: 2, log: [1]);
        node.TimeOut();
        Assert.Contains(new HeartbeatTimedOut(), node.Events);
        node.Receive(Message.Vote("C", "B", term: 2, granted: true, preVote: true));
        Assert.Equal((RaftState.Candidate, 3), (node.State, node.Term));
    }

    /// <summary>Followers: hearing the current leader starts the timeout anew, by an append and by a heartbeat.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Followers_that_hear_the_leader_wait_again(bool append)
    {
        var clock = new TestClock();
        var node = new TestNode("B", clock, Given.Disk("B", 2, [1]));
        for (var i = 0; i < 20; i++)
        {
            clock.Now += TimeSpan.FromMilliseconds(149);
            node.Receive(append ? Message.Append("A", "B", term: 2, 1, 1, []) : Message.Heartbeat("A", "B", term: 2));
            Assert.InRange(node.Raft.NextDeadline - clock.Now, TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(300));
            node.Tick();
        }

        Assert.DoesNotContain(new HeartbeatTimedOut(), node.Events);
    }

    /// <summary>Followers: granting a vote starts the timeout anew; being asked and not granting does not, within a term.</summary>
    [Fact]
    public void Followers_that_grant_a_vote_wait_again_and_those_that_deny_it_do_not()
    {
        var clock = new TestClock();
        var node = new TestNode("B", clock, Given.Disk("B", 2, [1, 1]));
        var deadline = node.Raft.NextDeadline;
        clock.Now += TimeSpan.FromMilliseconds(149);
        node.Receive(Message.VoteRequest("A", "B", term: 2, lastIndex: 1, lastTerm: 1));
        Assert.Equal(deadline, node.Raft.NextDeadline);
        node.Receive(Message.VoteRequest("C", "B", term: 2, lastIndex: 2, lastTerm: 1));
        Assert.True(node.Raft.NextDeadline >= clock.Now + TimeSpan.FromMilliseconds(150));
    }

    /// <summary>Candidates: "On conversion to candidate, start election: increment currentTerm, vote for self, reset election timer, send RequestVote RPCs to all other servers".</summary>
    [Fact]
    public void Candidates_start_an_election()
    {
        var node = Given.Node("A", term: 3, log: [1], voters: "ABCDE");
        node.TimeOut();
        node.Take<VoteRequest>();
        node.Receive(Message.Vote("B", "A", term: 3, granted: true, preVote: true));
        node.Receive(Message.Vote("C", "A", term: 3, granted: true, preVote: true));
        Assert.Equal(new HardState(new Term(4), node.Id), node.Disk.HardState);
        Assert.True(node.Raft.NextDeadline - node.Now >= TimeSpan.FromMilliseconds(150));
        Assert.Equal(4, node.Take<VoteRequest>().Count(request => !request.IsPreVote && request.Term.Value == 4));
    }

    /// <summary>Candidates: "If votes received from majority of servers: become leader".</summary>
    [Fact]
    public void Candidates_with_a_majority_become_leader()
    {
        var node = Given.Candidate("A", term: 4, log: [1], voters: "ABCDE");
        node.Receive(Message.Vote("B", "A", term: 4, granted: true));
        Assert.Equal(RaftState.Candidate, node.State);
        node.Receive(Message.Vote("C", "A", term: 4, granted: true));
        Assert.Equal(RaftState.Leader, node.State);
    }

    /// <summary>Candidates: "If AppendEntries RPC received from new leader: convert to follower".</summary>
    [Fact]
    public void Candidates_follow_a_leader_of_their_term()
    {
        var node = Given.Candidate("A", term: 4, log: [1]);
        node.Receive(Message.Append("B", "A", term: 4, 1, 1, []));
        Assert.Equal((RaftState.Follower, Given.Id("B")), (node.State, node.Raft.Leader));
    }

    /// <summary>Candidates: "If election timeout elapses: start new election".</summary>
    [Fact]
    public void Candidates_start_a_new_election_when_the_timeout_elapses()
    {
        var node = Given.Candidate("A", term: 4, log: [1]);
        node.TimeOut();
        node.Receive(Message.Vote("C", "A", term: 4, granted: true, preVote: true));
        Assert.Equal((RaftState.Candidate, 5), (node.State, node.Term));
    }

    /// <summary>Leaders: "Upon election: send initial empty AppendEntries RPCs (heartbeat) to each server". Here the no-op goes out at once.</summary>
    [Fact]
    public void Leaders_make_themselves_known_upon_election()
    {
        var node = Given.Candidate("A", term: 4, log: [1]);
        node.Receive(Message.Vote("B", "A", term: 4, granted: true));
        Assert.Equal([Given.Id("B"), Given.Id("C")], node.Take<AppendRequest>().Select(append => append.To));
    }

    /// <summary>Leaders: "repeat during idle periods to prevent election timeouts (5.2)".</summary>
    [Fact]
    public void Leaders_repeat_heartbeats_during_idle_periods()
    {
        var group = new TestGroup("ABC");
        group.Elect("A");
        group.RunFor(10_000);
        Assert.Equal((RaftState.Leader, 2), (group["A"].State, group["A"].Term));
        Assert.All(group.Nodes, node => Assert.DoesNotContain(new HeartbeatTimedOut(), node.Events));
    }

    /// <summary>Leaders: "If command received from client: append entry to local log, respond after entry applied to state machine (5.3)".</summary>
    [Fact]
    public void Leaders_append_a_command_and_respond_after_it_was_applied()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        leader.Propose("x");
        Assert.Equal(3, leader.Last);
        Assert.False(leader.HasApplied("x"));
        group.Settle();
        Assert.True(leader.HasApplied("x"));
    }

    /// <summary>Leaders: "If last log index &gt;= nextIndex for a follower: send AppendEntries RPC with log entries starting at nextIndex".</summary>
    [Fact]
    public void Leaders_send_what_a_follower_lacks_from_its_next_index_on()
    {
        var leader = Given.Leader("A", term: 4, log: [1, 1]);
        leader.Receive(Message.Appended("B", "A", term: 4, match: 1));
        var appends = leader.Take<AppendRequest>();
        Assert.Equal(1, appends[0].PreviousIndex.Value);
        Assert.Equal([2, 3], appends.SelectMany(append => append.Entries).Select(entry => entry.Index.Value));
    }

    /// <summary>Leaders: "If successful: update nextIndex and matchIndex for follower (5.3)".</summary>
    [Fact]
    public void Leaders_update_match_and_next_after_success()
    {
        var leader = Given.Leader("A", term: 4, log: [1, 1]);
        leader.Receive(Message.Appended("B", "A", term: 4, match: 3));
        Assert.Equal(3, MatchOf(leader, "B"));
        leader.Propose("x");
        Assert.Equal(3, leader.Take<AppendRequest>().Single(append => append.To == Given.Id("B")).PreviousIndex.Value);
    }

    /// <summary>Leaders: "If AppendEntries fails because of log inconsistency: decrement nextIndex and retry (5.3)".</summary>
    [Fact]
    public void Leaders_step_back_after_a_conflict_and_retry()
    {
        var leader = Given.Leader("A", term: 4, log: [1, 1, 1]);
        leader.Receive(Message.Conflict("B", "A", term: 4, rejected: 3, hint: 1, hintTerm: 1));
        Assert.Equal(1, leader.TakeOne<AppendRequest>().PreviousIndex.Value);
    }

    /// <summary>Leaders: "If there exists an N such that N &gt; commitIndex, a majority of matchIndex[i] &gt;= N, and log[N].term == currentTerm: set commitIndex = N (5.3, 5.4)".</summary>
    [Fact]
    public void Leaders_commit_what_a_majority_holds_and_is_of_their_term()
    {
        var leader = Given.Leader("A", term: 4, log: [1, 2, 2], voters: "ABCDE");
        leader.Receive(Message.Appended("B", "A", term: 4, match: 3));
        leader.Receive(Message.Appended("C", "A", term: 4, match: 3));
        Assert.Equal(0, leader.Commit);
        leader.Receive(Message.Appended("B", "A", term: 4, match: 4));
        Assert.Equal(0, leader.Commit);
        leader.Receive(Message.Appended("D", "A", term: 4, match: 4));
        Assert.Equal(4, leader.Commit);
    }
}
