using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Scenarios;

/// <summary>What must be durable before it counts, and what no longer is.</summary>
public sealed partial class ScenarioTests
{
    [Fact]
    public void S15_an_entry_of_an_old_term_on_a_majority_is_not_committed_by_counting()
    {
        var leader = Given.Leader("A", term: 4, log: [1, 2]);
        leader.Receive(Message.Appended("B", "A", term: 4, match: 2));
        leader.Receive(Message.Appended("C", "A", term: 4, match: 2));
        Assert.Equal(0, leader.Commit);
        leader.Receive(Message.Appended("B", "A", term: 4, match: 3));
        Assert.Equal(3, leader.Commit);
    }

    [Fact]
    public void S16_a_single_member_commits_nothing_that_is_not_on_its_disk()
    {
        var node = Given.Node("A", term: 1, log: [1], voters: "A");
        node.Campaign();
        node.WritesByHand = true;
        node.Propose("x");
        Assert.Equal((2, false), (node.Commit, node.HasApplied("x")));
        node.CompleteWrite();
        Assert.Equal((3, true), (node.Commit, node.HasApplied("x")));
    }

    [Fact]
    public void S16_the_leaders_own_entry_counts_only_when_durable()
    {
        var leader = Given.Leader("A", term: 4, log: [1]);
        leader.WritesByHand = true;
        leader.Propose("x");
        leader.Receive(Message.Appended("B", "A", term: 4, match: 3));
        Assert.Equal(2, leader.Commit);
        leader.CompleteWrite();
        Assert.Equal(3, leader.Commit);
    }

    [Fact]
    public void S16_two_followers_commit_what_the_leader_has_not_written_yet_and_it_applies_it_only_then()
    {
        var leader = Given.Leader("A", term: 4, log: [1]);
        leader.WritesByHand = true;
        leader.Propose("x");
        leader.Receive(Message.Appended("B", "A", term: 4, match: 3));
        leader.Receive(Message.Appended("C", "A", term: 4, match: 3));
        Assert.Equal((3, false), (leader.Commit, leader.HasApplied("x")));
        leader.CompleteWrite();
        Assert.True(leader.HasApplied("x"));
    }

    [Fact]
    public void S17_a_follower_acknowledges_only_what_is_durable()
    {
        var node = Given.Node("B", term: 2, log: [1]);
        node.WritesByHand = true;
        node.Receive(Message.Append("A", "B", term: 2, 1, 1, entries: [2]));
        node.Receive(Message.Append("A", "B", term: 2, 2, 2, entries: [2], probe: false));
        node.Receive(Message.Heartbeat("A", "B", term: 2));
        Assert.All(node.Take<AppendResponse>(), answer => Assert.True(answer.Match.Value <= 1));
        Assert.Equal((3, 1), (node.TakeOne<HeartbeatResponse>() is var beat ? (beat.Verified.Value, beat.Match.Value) : default));
        node.CompleteWrite();
        Assert.Equal(2, node.TakeOne<AppendResponse>().Match.Value);
        node.CompleteWrite();
        Assert.Equal(3, node.TakeOne<AppendResponse>().Match.Value);
    }

    [Fact]
    public void S17_an_acknowledged_write_survives_a_power_cut_of_the_follower_and_the_death_of_the_leader()
    {
        var group = new TestGroup("ABC");
        group.Elect("A");
        group.Isolate("C");
        group["B"].WritesByHand = true;
        group["A"].Propose("x");
        group.Settle();
        Assert.False(group["A"].HasApplied("x"));
        group["B"].CompleteWrite();
        group.Settle();
        Assert.True(group["A"].HasApplied("x"));
        group["A"].Crash();
        group["B"].Crash();
        group["B"].WritesByHand = false;
        group["B"].Restart();
        group.Heal();
        group.RunFor(2_000);
        Assert.Equal(("B", "x"), (group.Leader.Name, Payload(group["C"].Disk.Log[2])));
    }

    [Fact]
    public void S18_a_term_is_durable_before_or_with_the_entries_of_that_term()
    {
        var node = Given.Node("B", term: 1, log: [1]);
        node.WritesByHand = true;
        node.Receive(Message.Append("A", "B", term: 7, 1, 1, entries: [7]));
        Assert.Equal(7, node.Disk.Writing?.HardState?.Term.Value);
        while (node.Disk.Writing is not null)
        {
            node.CompleteWrite();
            Assert.True(node.Disk.Log[^1].Term <= node.Disk.HardState.Term);
        }

        Assert.Equal(2, node.Take<AppendResponse>()[^1].Match.Value);
    }

    [Fact]
    public void S18_nothing_is_acknowledged_before_the_term_is_durable_not_even_what_was_on_the_disk_before()
    {
        var node = Given.Node("B", term: 1, log: [1, 1, 1]);
        node.WritesByHand = true;
        node.Receive(Message.Append("A", "B", term: 7, 3, 1, []));
        node.Receive(Message.Heartbeat("A", "B", term: 7));
        Assert.Empty(node.Take<AppendResponse>());
        Assert.Equal(0, node.TakeOne<HeartbeatResponse>().Match.Value);
        node.CompleteWrite();
        Assert.Equal(3, node.TakeOne<AppendResponse>().Match.Value);
    }

    [Fact]
    public void S19_one_write_is_in_flight_at_a_time_and_what_comes_meanwhile_is_the_next_one()
    {
        var leader = Given.Leader("A", term: 2, log: [1], voters: "A");
        leader.WritesByHand = true;
        leader.Propose("x");
        var first = leader.Disk.Writing!;
        leader.Propose("y");
        leader.Propose("z");
        Assert.Same(first, leader.Disk.Writing);
        leader.CompleteWrite();
        Assert.Equal([4L, 5], leader.Disk.Writing!.Entries.Select(entry => entry.Index.Value));
        Assert.Equal((true, false), (leader.HasApplied("x"), leader.HasApplied("y")));
        leader.CompleteWrite();
        Assert.True(leader.HasApplied("z"));
    }

    [Fact]
    public void S19_a_completion_that_is_repeated_or_out_of_order_is_refused()
    {
        var leader = Given.Leader("A", term: 2, log: [1], voters: "A");
        leader.WritesByHand = true;
        leader.Propose("x");
        var number = leader.Disk.Writing!.Number;
        Assert.Throws<RaftInvariantException>(() => leader.Raft.Persisted(number + 1, leader.Now));
        Assert.Throws<RaftInvariantException>(() => leader.Raft.Persisted(number - 1, leader.Now));
        Assert.Equal(2, leader.Raft.Status().Durable.Value);
        leader.CompleteWrite();
        Assert.Throws<RaftInvariantException>(() => leader.Raft.Persisted(number, leader.Now));
        Assert.Equal(3, leader.Raft.Status().Durable.Value);
    }

    [Fact]
    public void S20_what_is_durable_goes_down_at_once_when_the_tail_is_replaced()
    {
        var node = Given.Node("B", term: 2, log: [1, 2, 2, 2]);
        node.WritesByHand = true;
        node.Receive(Message.Append("A", "B", term: 3, 1, 1, entries: [3]));
        Assert.Equal((2, 1), (node.Last, node.Raft.Status().Durable.Value));
        node.Receive(Message.Heartbeat("A", "B", term: 3));
        Assert.Equal(0, node.TakeOne<HeartbeatResponse>().Match.Value);
    }

    [Fact]
    public void S20_a_write_of_replaced_entries_makes_nothing_durable_that_replaced_them()
    {
        var node = Given.Node("B", term: 2, log: [1]);
        node.WritesByHand = true;
        node.Receive(Message.Append("A", "B", term: 2, 1, 1, entries: [2, 2, 2]));
        node.Receive(Message.Append("C", "B", term: 3, 1, 1, entries: [3, 3, 3]));
        node.Take<AppendResponse>();
        node.CompleteWrite(); // Entries 2 to 4 of term 2 are on the disk now; the log holds those of term 3.
        Assert.Equal(1, node.Raft.Status().Durable.Value);
        Assert.Empty(node.Take<AppendResponse>());
        node.CompleteWrite();
        Assert.Equal(4, node.TakeOne<AppendResponse>().Match.Value);
        Assert.Equal([1, 3, 3, 3], node.Disk.Terms);
    }

    [Fact]
    public void S20_a_write_whose_tail_is_replaced_makes_the_rest_durable()
    {
        var node = Given.Node("B", term: 2, log: [1]);
        node.WritesByHand = true;
        node.Receive(Message.Append("A", "B", term: 2, 1, 1, entries: [2, 2, 2]));
        node.Receive(Message.Append("C", "B", term: 3, 3, 2, entries: [3]));
        node.CompleteWrite();
        Assert.Equal(3, node.Raft.Status().Durable.Value);
        node.CompleteWrite();
        Assert.Equal([1, 2, 2, 3], node.Disk.Terms);
        Assert.Equal(4, node.Raft.Status().Durable.Value);
    }

    private static string Payload(LogEntry entry) => System.Text.Encoding.ASCII.GetString(entry.Payload.Span);
}
