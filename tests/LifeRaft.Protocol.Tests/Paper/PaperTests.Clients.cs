using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Paper;

/// <summary>Section 8: client interaction.</summary>
public sealed partial class PaperTests
{
    /// <summary>8: "If the client's first choice is not the leader, that server will reject the client's request and supply information about the most recent leader it has heard from."</summary>
    [Fact]
    public void Section_8_a_follower_rejects_requests_and_names_the_leader()
    {
        var group = new TestGroup("ABC");
        group.Elect("A");
        group["B"].Propose("write");
        group["B"].Transfer("C");
        Assert.All(group["B"].Answers, answer => Assert.Equal((Outcome.NotLeader, "A"), (answer.Outcome, answer.Leader?.Address)));
        Assert.Equal(2, group["B"].Answers.Count);
    }

    /// <summary>8: "a leader must have the latest information on which entries are committed ... having each leader commit a blank no-op entry into the log at the start of its term".</summary>
    [Fact]
    public void Section_8_a_leader_commits_a_no_op_at_the_start_of_its_term()
    {
        var group = new TestGroup("ABC");
        group.Elect("A");
        Assert.Equal((EntryKind.NoOp, 2), (group["A"].Disk.Log[^1].Kind, (int)group["A"].Disk.Log[^1].Term.Value));
        Assert.Equal(2, group["A"].Commit);
    }

    /// <summary>8: "a leader must check whether it has been deposed before processing a read-only request ... exchange heartbeat messages with a majority of the cluster".</summary>
    [Fact]
    public void Section_8_a_read_waits_for_heartbeats_of_a_majority()
    {
        var group = new TestGroup("ABCDE");
        group.Elect("A");
        group["A"].Read("read");
        var beats = group["A"].Take<HeartbeatRequest>();
        Assert.Equal(4, beats.Count);
        group["A"].Receive(Message.Heard("B", "A", 2, beats[0].Round, 2, 2));
        Assert.Null(group["A"].OutcomeOf("read"));
        group["A"].Receive(Message.Heard("B", "A", 2, beats[0].Round, 2, 2));
        Assert.Null(group["A"].OutcomeOf("read"));
        group["A"].Receive(Message.Heard("C", "A", 2, beats[0].Round, 2, 2));
        Assert.Equal(Outcome.Done, group["A"].OutcomeOf("read"));
    }

    /// <summary>8 with the thesis, 6.4: the read also waits until its index is applied.</summary>
    [Fact]
    public void Section_8_a_read_waits_until_what_was_committed_is_applied()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        leader.AppliesByHand = true;
        leader.Propose("x");
        group.Settle();
        Assert.Equal(3, leader.Commit);
        leader.Read("read");
        group.Settle();
        Assert.Null(leader.OutcomeOf("read"));
        leader.CompleteApply();
        Assert.Equal(Outcome.Done, leader.OutcomeOf("read"));
    }
}
