using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Paper;

/// <summary>
/// "In Search of an Understandable Consensus Algorithm (Extended Version)", Ongaro and Ousterhout, as tests: one per sentence of
/// Figure 2 and of the sections that it condenses. This part is Figure 2, "State".
/// </summary>
public sealed partial class PaperTests
{
    /// <summary>Figure 2, State: "Updated on stable storage before responding to RPCs".</summary>
    [Fact]
    public void Persistent_state_is_on_stable_storage_before_a_response_leaves()
    {
        var node = Given.Node("B", term: 1, log: [1]);
        node.WritesByHand = true;
        node.Receive(Message.VoteRequest("A", "B", term: 2, lastIndex: 1, lastTerm: 1));
        Assert.Empty(node.Outbox);
        node.CompleteWrite();
        Assert.True(node.TakeOne<VoteResponse>().Granted);

        node.Receive(Message.Append("A", "B", term: 2, 1, 1, entries: [2]));
        Assert.All(node.Take<AppendResponse>(), answer => Assert.Equal(1, answer.Match.Value));
        node.CompleteWrite();
        Assert.Equal(2, node.TakeOne<AppendResponse>().Match.Value);
    }

    /// <summary>Figure 2, State: "currentTerm: latest term server has seen (initialized to 0 on first boot, increases monotonically)".</summary>
    [Fact]
    public void CurrentTerm_is_zero_on_first_boot_and_rises_with_what_is_seen()
    {
        var node = new TestNode("B", new TestClock(), new TestDisk());
        Assert.Equal(0, node.Term);
        node.Do(raft => raft.TryAdmit(new NodeIdentity(Given.Group, node.Id), node.Now));
        node.Receive(Message.Heartbeat("A", "B", term: 7));
        Assert.Equal(7, node.Term);
        node.Receive(Message.Heartbeat("C", "B", term: 5));
        Assert.Equal(7, node.Term);
        Assert.Equal(7, node.Disk.HardState.Term.Value);
    }

    /// <summary>Figure 2, State: "votedFor: candidateId that received vote in current term (or null if none)".</summary>
    [Fact]
    public void VotedFor_is_null_until_a_vote_is_given_and_again_in_the_next_term()
    {
        var node = Given.Node("B", term: 1, log: [1]);
        Assert.Equal(MemberId.None, node.Raft.Status().VotedFor);
        node.Receive(Message.VoteRequest("A", "B", term: 2, lastIndex: 1, lastTerm: 1));
        Assert.Equal(Given.Id("A"), node.Disk.HardState.VotedFor);
        node.Receive(Message.Heartbeat("C", "B", term: 3));
        Assert.Equal(new HardState(new Term(3), MemberId.None), node.Disk.HardState);
    }

    /// <summary>Figure 2, State: "log[]: log entries; each entry contains command, and term when entry was received by leader (first index is 1)".</summary>
    [Fact]
    public void Log_entries_carry_command_and_term_and_begin_at_index_1()
    {
        var leader = Given.Leader("A", term: 4, log: [1], voters: "A");
        leader.Propose("x");
        Assert.Equal([1, 2, 3], leader.Disk.Log.Select(entry => entry.Index.Value));
        Assert.Equal(4, leader.Disk.Log[^1].Term.Value);
        Assert.Equal("x"u8.ToArray(), leader.Disk.Log[^1].Payload.ToArray());
    }

    /// <summary>Figure 2, State: "commitIndex: index of highest log entry known to be committed (initialized to 0, increases monotonically)".</summary>
    [Fact]
    public void CommitIndex_starts_at_0_and_never_decreases()
    {
        var node = Given.Node("B", term: 2, log: [1, 1, 2]);
        Assert.Equal(0, node.Commit);
        node.Receive(Message.Append("A", "B", term: 2, 3, 2, [], commit: 3));
        Assert.Equal(3, node.Commit);
        node.Receive(Message.Append("A", "B", term: 2, 3, 2, [], commit: 1));
        Assert.Equal(3, node.Commit);
    }

    /// <summary>Figure 2, State: "lastApplied: index of highest log entry applied to state machine (initialized to 0, increases monotonically)".</summary>
    [Fact]
    public void LastApplied_starts_at_0_and_follows_what_the_state_machine_reports()
    {
        var node = Given.Node("B", term: 2, log: [1, 1, 2]);
        node.AppliesByHand = true;
        node.Receive(Message.Append("A", "B", term: 2, 3, 2, [], commit: 3));
        Assert.Equal(0, node.Raft.AppliedIndex.Value);
        node.CompleteApply();
        Assert.Equal(3, node.Raft.AppliedIndex.Value);
    }

    /// <summary>Figure 2, State: "nextIndex[]: index of the next log entry to send to that server (initialized to leader last log index + 1)".</summary>
    [Fact]
    public void NextIndex_starts_at_the_leaders_last_index_plus_1()
    {
        var node = Given.Candidate("A", term: 3, log: [1, 1, 2]);
        node.Receive(Message.Vote("B", "A", term: 3, granted: true));
        var appends = node.Take<AppendRequest>();
        Assert.Equal(2, appends.Count);
        Assert.All(appends, append => Assert.Equal((3, 2), (append.PreviousIndex.Value, append.PreviousTerm.Value)));
    }

    /// <summary>Figure 2, State: "matchIndex[]: index of highest log entry known to be replicated on server (initialized to 0, increases monotonically)".</summary>
    [Fact]
    public void MatchIndex_starts_at_0_and_never_decreases()
    {
        var leader = Given.Leader("A", term: 3, log: [1, 1, 2]);
        Assert.All(leader.Raft.Status().Followers, follower => Assert.Equal(0, follower.Match.Value));
        leader.Receive(Message.Appended("B", "A", term: 3, match: 4));
        leader.Receive(Message.Appended("B", "A", term: 3, match: 2));
        Assert.Equal(4, MatchOf(leader, "B"));
    }

    /// <summary>Figure 2, State: volatile state on leaders is "reinitialized after election".</summary>
    [Fact]
    public void A_leader_that_is_elected_again_knows_nothing_of_its_followers()
    {
        var leader = Given.Leader("A", term: 3, log: [1, 1, 2]);
        leader.Receive(Message.Appended("B", "A", term: 3, match: 4));
        leader.Receive(Message.Heartbeat("C", "A", term: 4));
        leader.Campaign();
        leader.Receive(Message.Vote("B", "A", term: 5, granted: true));
        Assert.Equal(RaftState.Leader, leader.State);
        Assert.Equal(0, MatchOf(leader, "B"));
    }

    private static long MatchOf(TestNode leader, string follower) =>
        leader.Raft.Status().Followers.Single(status => status.Member.Id == Given.Id(follower)).Match.Value;
}
