using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Scenarios;

/// <summary>How the parts of a snapshot travel: in a window, over losses, from where they ended.</summary>
public sealed class SnapshotTransferTests
{
    private static readonly RaftSettings _smallParts = new() { EntriesKeptBehindSnapshot = 0, SnapshotPartBytes = 10, MaximumSnapshotPartsInFlight = 3 };

    [Fact]
    public void No_more_parts_are_under_way_than_the_window_holds()
    {
        var leader = LeaderThatSends(bytes: 100, out var snapshot);
        Assert.Equal([0L, 10, 20], leader.Take<SnapshotRequest>().Select(part => part.Offset));
        leader.Receive(Message.PartStored("B", "A", 3, snapshot, offset: 10));
        Assert.Equal([30L], leader.Take<SnapshotRequest>().Select(part => part.Offset));
        leader.Receive(Message.PartStored("B", "A", 3, snapshot, offset: 40));
        Assert.Equal([40L, 50, 60], leader.Take<SnapshotRequest>().Select(part => part.Offset));
    }

    [Fact]
    public void An_answer_that_comes_twice_or_late_moves_nothing_back()
    {
        var leader = LeaderThatSends(bytes: 100, out var snapshot);
        leader.Receive(Message.PartStored("B", "A", 3, snapshot, offset: 20));
        leader.Outbox.Clear();
        leader.Receive(Message.PartStored("B", "A", 3, snapshot, offset: 10));
        leader.Receive(Message.PartStored("B", "A", 3, snapshot, offset: 20));
        Assert.Empty(leader.Take<SnapshotRequest>());
    }

    [Fact]
    public void A_part_that_was_lost_is_sent_again_when_heartbeats_are_answered_and_nothing_moves()
    {
        var leader = LeaderThatSends(bytes: 100, out _);
        leader.Outbox.Clear();
        for (var round = 1; round <= 3; round++)
        {
            leader.Receive(Message.Heard("B", "A", 3, round));
        }

        Assert.Equal([0L], leader.Take<SnapshotRequest>().Select(part => part.Offset));
    }

    [Fact]
    public void A_follower_that_does_not_answer_is_sent_nothing_more()
    {
        var leader = LeaderThatSends(bytes: 100, out _);
        leader.Outbox.Clear();
        for (var i = 0; i < 5; i++)
        {
            leader.TimeOut();
        }

        Assert.Empty(leader.Take<SnapshotRequest>());
    }

    [Fact]
    public void Heartbeats_do_not_wait_for_a_snapshot_that_is_being_sent()
    {
        var leader = LeaderThatSends(bytes: 1_000_000, out _);
        leader.Outbox.Clear();
        leader.TimeOut();
        Assert.NotEmpty(leader.Take<HeartbeatRequest>());
    }

    [Fact]
    public void A_sent_snapshot_holds_up_no_other_follower()
    {
        var leader = LeaderThatSends(bytes: 1_000_000, out _);
        leader.Receive(Message.Appended("C", "A", term: 3, match: 7));
        leader.Propose("x");
        Assert.Equal(Given.Id("C"), leader.TakeOne<AppendRequest>().To);
        leader.Receive(Message.Appended("C", "A", term: 3, match: 8));
        Assert.True(leader.HasApplied("x"));
    }

    [Fact]
    public void Parts_that_arrive_early_wait_for_those_before_them()
    {
        var (node, snapshot) = (Given.Node("B", term: 3, log: [1], settings: _smallParts), Given.Snapshot(index: 5, term: 2, bytes: 30));
        node.Receive(Message.Part("A", "B", 3, snapshot, offset: 20, bytes: 10));
        node.Receive(Message.Part("A", "B", 3, snapshot, offset: 10, bytes: 10));
        Assert.Empty(node.Take<SnapshotResponse>());
        node.Receive(Message.Part("A", "B", 3, snapshot, offset: 0, bytes: 10));
        Assert.Equal(30, node.Take<SnapshotResponse>()[^1].Offset);
        Assert.Equal([snapshot], node.Installed);
    }

    [Fact]
    public void A_part_whose_predecessor_never_comes_is_answered_with_what_is_missing()
    {
        var (node, snapshot) = (Given.Node("B", term: 3, log: [1], settings: _smallParts), Given.Snapshot(index: 5, term: 2, bytes: 30));
        node.Receive(Message.Part("A", "B", 3, snapshot, offset: 20, bytes: 10));
        node.Receive(Message.Part("A", "B", 3, snapshot, offset: 20, bytes: 10));
        var answer = node.TakeOne<SnapshotResponse>();
        Assert.Equal((0L, true), (answer.Offset, answer.IsGap));
    }

    [Fact]
    public void The_next_leader_with_the_same_snapshot_goes_on_where_the_first_one_ended()
    {
        var (node, snapshot) = (Given.Node("B", term: 3, log: [1], settings: _smallParts), Given.Snapshot(index: 5, term: 2, bytes: 30));
        node.Receive(Message.Part("A", "B", 3, snapshot, offset: 0, bytes: 20));
        node.Outbox.Clear();
        node.Receive(Message.Part("C", "B", 4, snapshot, offset: 0, bytes: 10));
        Assert.Equal(20, node.TakeOne<SnapshotResponse>().Offset);
        node.Receive(Message.Part("C", "B", 4, snapshot, offset: 20, bytes: 10));
        Assert.Equal([snapshot], node.Installed);
    }

    [Fact]
    public void The_next_leader_with_another_snapshot_begins_anew()
    {
        var (node, snapshot) = (Given.Node("B", term: 3, log: [1], settings: _smallParts), Given.Snapshot(index: 5, term: 2, bytes: 30));
        node.Receive(Message.Part("A", "B", 3, snapshot, offset: 0, bytes: 20));
        var other = Given.Snapshot(index: 6, term: 2, bytes: 12);
        node.Receive(Message.Part("C", "B", 4, other, offset: 0, bytes: 12));
        Assert.Equal([other], node.Installed);
    }

    [Fact]
    public void A_snapshot_that_arrived_damaged_is_asked_for_again()
    {
        var (node, snapshot) = (Given.Node("B", term: 3, log: [1], settings: _smallParts), Given.Snapshot(index: 5, term: 2, bytes: 20));
        node.Receive(Message.Part("A", "B", 3, snapshot, offset: 0, bytes: 10));
        node.Outbox.Clear();
        node.Do(raft => raft.SnapshotDamaged(snapshot, node.Now));
        var answer = node.TakeOne<SnapshotResponse>();
        Assert.Equal((0L, true), (answer.Offset, answer.IsGap));
        Assert.Contains(node.Events, happened => happened is MessageRefused refused && refused.Reason.Contains("damaged", StringComparison.Ordinal));
        node.Receive(Message.Part("A", "B", 3, snapshot));
        Assert.Equal([snapshot], node.Installed);
    }

    [Fact]
    public void An_empty_snapshot_is_one_empty_part()
    {
        var node = Given.Node("B", term: 3, log: [1]);
        var empty = Given.Snapshot(index: 5, term: 2, bytes: 0);
        node.Receive(Message.Part("A", "B", 3, empty));
        Assert.Equal([empty], node.Installed);
        var leader = LeaderThatSends(bytes: 0, out _);
        Assert.Equal(0, leader.TakeOne<SnapshotRequest>().Data.Length);
    }

    [Fact]
    public void A_follower_that_lacks_only_what_the_tail_holds_gets_entries()
    {
        var settings = new RaftSettings { EntriesKeptBehindSnapshot = 3 };
        var group = new TestGroup("ABC", settings);
        var leader = group.Elect("A");
        group.Isolate("C");
        leader.Propose("x");
        leader.Propose("y");
        group.RunFor(100);
        leader.TakeSnapshot();
        Assert.Equal(leader.Last - 3, leader.Raft.LogBase.Index.Value);
        group.Heal();
        group.RunFor(300);
        Assert.Equal(leader.Last, group["C"].Commit);
        Assert.Empty(group["C"].Installed);
    }

    [Fact]
    public void Entries_that_are_being_read_for_a_follower_are_not_compacted_away_under_the_reader()
    {
        var group = new TestGroup("ABC", new RaftSettings { EntriesKeptBehindSnapshot = 0, CachedBytes = 0 });
        var leader = group.Elect("A");
        group.Isolate("C");
        leader.Propose("x");
        leader.Propose("y");
        group.RunFor(400);
        leader.ReadsByHand = true;
        group.Heal();
        group.RunFor(120);
        var first = Assert.Single(leader.Reading).First;
        leader.TakeSnapshot();
        Assert.True(leader.Raft.LogBase.Index < first, $"The base is {leader.Raft.LogBase}, and {first} is being read.");
        leader.ReadsByHand = false;
        leader.CompleteReads();
        group.RunFor(300);
        Assert.Equal(leader.Last, group["C"].Commit);
    }

    [Fact]
    public void A_loaded_snapshot_waits_until_nobody_reads_the_log_that_it_replaces()
    {
        var node = Given.Node("B", term: 3, log: [1, 2, 2], settings: new RaftSettings { CachedBytes = 0 });
        node.Crash();
        node.Restart();
        node.ReadsByHand = true;
        node.Receive(Message.Append("A", "B", term: 3, previousIndex: 3, previousTerm: 2, entries: [], commit: 3));
        Assert.Single(node.Reading);
        node.Receive(Message.Part("A", "B", term: 3, Given.Snapshot(index: 9, term: 3)));
        Assert.Empty(node.Installed);
        node.CompleteReads();
        Assert.Equal(new LogIndex(9), node.MachineIndex);
        Assert.Single(node.Installed);
    }

    [Fact]
    public void A_member_whose_removal_a_snapshot_covers_ends()
    {
        var node = Given.Node("C", term: 3, log: [1, 2]);
        var header = Given.Snapshot(index: 9, term: 3, voters: "AB");
        node.Receive(Message.Part("A", "C", term: 3, header with { Configuration = header.Configuration with { Removed = [Given.Id("C")] } }));
        Assert.Equal(NodeEnd.Removed, node.End);
    }

    /// <summary>A leads term 3 and has begun to send B, which has nothing, a snapshot up to entry 5.</summary>
    private static TestNode LeaderThatSends(int bytes, out SnapshotHeader snapshot)
    {
        var disk = Given.Compacted("A", 2, [1, 1, 1, 2, 2, 2], start: 5, snapshot: 5);
        disk.Snapshot = snapshot = Given.Snapshot(5, 2, bytes: bytes);
        disk.Contents[snapshot.Position] = new byte[bytes];
        var leader = new TestNode("A", new TestClock(), disk, _smallParts);
        leader.Campaign();
        leader.Receive(Message.Vote("B", "A", 3, granted: true));
        leader.Outbox.Clear();
        leader.Receive(Message.Conflict("B", "A", term: 3, rejected: 6, hint: 0, hintTerm: 0));
        return leader;
    }
}
