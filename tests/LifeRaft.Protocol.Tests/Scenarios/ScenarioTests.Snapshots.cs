using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Scenarios;

/// <summary>Taking, sending and installing snapshots (Raft paper, 7).</summary>
public sealed partial class ScenarioTests
{
    private static readonly RaftSettings _keepsNothing = new() { EntriesKeptBehindSnapshot = 0, SnapshotPartBytes = 4, MaximumSnapshotPartsInFlight = 2 };

    [Fact]
    public void S25_an_append_from_before_the_base_matches_and_deletes_nothing()
    {
        var node = new TestNode("B", new TestClock(), Given.Compacted("B", 2, [1, 1, 1, 2, 2], start: 3, snapshot: 4));
        node.Receive(Message.Append("A", "B", term: 2, previousIndex: 1, previousTerm: 1, entries: [1, 1], commit: 4));
        Assert.Equal(new LogIndex(3), node.TakeOne<AppendResponse>().Match);
        node.Receive(Message.Append("A", "B", term: 2, previousIndex: 2, previousTerm: 1, entries: [1, 2, 2, 2], commit: 4));
        Assert.Equal((6L, new LogIndex(6)), (node.Last, node.Take<AppendResponse>()[^1].Match));
        Assert.Equal(0, node.Disk.Truncations);
        Assert.Equal([2, 2, 2], node.Disk.Terms);
    }

    [Fact]
    public void S25_a_conflict_that_points_below_the_base_brings_the_snapshot()
    {
        var leader = LeaderWithSnapshot(out var snapshot);
        leader.Receive(Message.Conflict("B", "A", term: 3, rejected: 6, hint: 1, hintTerm: 1));
        Assert.Equal(snapshot, leader.Take<SnapshotRequest>()[0].Header);
    }

    [Fact]
    public void S29_an_idle_group_whose_log_was_compacted_whole_sends_its_snapshot_to_a_follower_that_starts_anew()
    {
        var group = new TestGroup("ABC", _keepsNothing);
        var leader = group.Elect("A");
        leader.Propose("x");
        group.RunFor(100);
        leader.TakeSnapshot(bytes: 30);
        group["C"].TakeSnapshot(bytes: 30);
        Assert.Equal(leader.Raft.LogBase.Index.Value, leader.Last);
        group.StartBlank("D");
        leader.Add(Given.Member("D"), "add");
        group.RunFor(500);
        Assert.Equal(Outcome.Done, leader.OutcomeOf("add"));
        Assert.Equal(leader.Last, group["D"].Commit);
        Assert.Single(group["D"].Installed);
    }

    [Fact]
    public void S31_a_snapshot_with_a_conflicting_entry_at_its_end_replaces_the_whole_log_and_is_not_sent_again()
    {
        var node = Given.Node("B", term: 3, log: [1, 2, 2, 2, 2]);
        var snapshot = Given.Snapshot(index: 4, term: 3);
        node.Receive(Message.Part("A", "B", term: 3, snapshot));
        Assert.Equal([snapshot], node.Installed);
        Assert.Equal((4L, 4L), (node.Last, node.Commit));
        Assert.Empty(node.Disk.Log);
        Assert.Equal(new LogIndex(4), node.Take<AppendResponse>()[^1].Match);
    }

    [Fact]
    public void S31_a_snapshot_that_ends_where_the_log_has_the_same_entry_is_not_needed()
    {
        var node = Given.Node("B", term: 3, log: [1, 2, 2, 3, 3]);
        node.Receive(Message.Part("A", "B", term: 3, Given.Snapshot(index: 4, term: 3)));
        Assert.Empty(node.Installed);
        Assert.Equal((5L, 4L), (node.Last, node.Commit));
        Assert.Equal(new LogIndex(4), node.TakeOne<AppendResponse>().Match);
    }

    [Fact]
    public void S32_a_snapshot_older_than_what_was_applied_is_answered_like_an_append_so_that_replication_goes_on()
    {
        var node = new TestNode("B", new TestClock(), Given.Compacted("B", 3, [1, 1, 1, 2, 2, 3], start: 4, snapshot: 5));
        node.Receive(Message.Part("A", "B", term: 3, Given.Snapshot(index: 3, term: 1)));
        Assert.Empty(node.Installed);
        Assert.Equal(new LogIndex(3), node.TakeOne<AppendResponse>().Match);
        Assert.Empty(node.Take<SnapshotResponse>());
    }

    [Fact]
    public void S33_a_snapshot_that_contradicts_a_committed_entry_stops_the_node()
    {
        var node = new TestNode("B", new TestClock(), Given.Compacted("B", 3, [1, 1, 1, 2, 2, 3], start: 4, snapshot: 5));
        var failure = Assert.Throws<RaftInvariantException>(() => node.Receive(Message.Part("A", "B", term: 3, Given.Snapshot(index: 5, term: 3))));
        Assert.Contains("entry 5 of term 2 is committed", failure.Message, StringComparison.Ordinal);
        var atBase = new TestNode("B", new TestClock(), Given.Compacted("B", 3, [1, 1, 1, 2, 2, 3], start: 4, snapshot: 5));
        Assert.Throws<RaftInvariantException>(() => atBase.Receive(Message.Part("A", "B", term: 3, Given.Snapshot(index: 4, term: 3))));
    }

    [Fact]
    public void S34_the_membership_travels_in_the_snapshot_and_an_older_configuration_of_the_log_dies_with_it()
    {
        var disk = Given.Disk("B", 2, [1, 1], voters: "AB");
        disk.Log.Add(Given.ConfigurationEntry(3, 2, Given.Configuration("ABX")));
        var node = new TestNode("B", new TestClock(), disk);
        Assert.True(node.Raft.Configuration.Contains(Given.Id("X")));
        var snapshot = Given.Snapshot(index: 6, term: 3, voters: "ABCD") with { ConfigurationIndex = new LogIndex(5) };
        node.Receive(Message.Part("A", "B", term: 3, snapshot));
        Assert.Equal("ABCD", string.Concat(node.Raft.Configuration.Voters.Select(voter => voter.Address)));

        // The configuration stands at 5, not at the snapshot's end: what comes after 6 may be truncated, the membership may not.
        node.Receive(Message.Append("A", "B", term: 3, previousIndex: 6, previousTerm: 3, entries: [3, 3]));
        node.Receive(Message.Append("C", "B", term: 4, previousIndex: 6, previousTerm: 3, entries: [4]));
        Assert.Equal("ABCD", string.Concat(node.Raft.Configuration.Voters.Select(voter => voter.Address)));

        node.Crash();
        node.Restart();
        Assert.Equal("ABCD", string.Concat(node.Raft.Configuration.Voters.Select(voter => voter.Address)));
        Assert.Equal((7L, 6L), (node.Last, node.Commit));
    }

    [Fact]
    public void S34_a_snapshot_has_the_configuration_of_what_was_applied_not_of_what_was_committed()
    {
        var group = new TestGroup("ABC", _keepsNothing);
        var leader = group.Elect("A");
        leader.AppliesByHand = true;
        leader.Add(Given.Member("D"), "add", isVoter: false);
        group.RunFor(60);
        Assert.True(leader.Raft.Configuration.Contains(Given.Id("D")));
        Assert.False(leader.Raft.PointOfSnapshot()!.Configuration.Contains(Given.Id("D")));
        leader.CompleteApply();
        Assert.True(leader.Raft.PointOfSnapshot()!.Configuration.Contains(Given.Id("D")));
    }

    [Fact]
    public void S35_a_crash_before_the_installation_is_durable_leaves_the_old_state()
    {
        var node = Given.Node("B", term: 3, log: [1, 2, 2]);
        node.Receive(Message.Append("A", "B", term: 3, previousIndex: 3, previousTerm: 2, entries: [], commit: 2));
        node.WritesByHand = true;
        node.Receive(Message.Part("A", "B", term: 3, Given.Snapshot(index: 9, term: 3)));
        Assert.NotNull(node.Disk.Writing?.Snapshot);
        Assert.DoesNotContain(node.Take<AppendResponse>(), response => response.Match > new LogIndex(3));
        Assert.Empty(node.Installed);

        node.Crash();
        node.Restart();
        Assert.Equal((3L, LogIndex.Zero), (node.Last, node.MachineIndex));
    }

    [Fact]
    public void S35_a_crash_after_the_installation_leaves_the_new_state()
    {
        var node = Given.Node("B", term: 3, log: [1, 2, 2]);
        node.Receive(Message.Part("A", "B", term: 3, Given.Snapshot(index: 9, term: 3)));
        node.Crash();
        node.Restart();
        Assert.Equal((9L, 9L, new LogIndex(9)), (node.Last, node.Commit, node.MachineIndex));
        node.Receive(Message.Append("A", "B", term: 3, previousIndex: 9, previousTerm: 3, entries: [3], commit: 10));
        Assert.Equal(new LogIndex(10), node.MachineIndex);
    }

    [Fact]
    public void S36_a_follower_that_crashes_during_the_installation_gets_the_snapshot_again()
    {
        var group = GroupWhoseFollowerNeedsSnapshot(out var leader, out var snapshot);
        group["C"].LoadsByHand = true;
        group.Heal();
        group.RunFor(300);
        Assert.Equal(snapshot, group["C"].Loading);
        group["C"].Crash();
        group["C"].LoadsByHand = false;
        group["C"].Restart();
        group.RunFor(1000);
        Assert.Equal([snapshot], group["C"].Installed);
        Assert.Equal(leader.Last, group["C"].Commit);
    }

    [Fact]
    public void S36_a_follower_that_loads_for_long_is_left_in_peace_and_keeps_following()
    {
        var group = GroupWhoseFollowerNeedsSnapshot(out var leader, out var snapshot);
        group["C"].LoadsByHand = true;
        group.Heal();
        group.RunFor(1000);
        var term = leader.Term;
        Assert.Equal(Given.Id("A"), group["C"].Raft.Leader);
        leader.Propose("meanwhile");
        group.RunFor(3000);
        group["C"].CompleteLoad();
        group.RunFor(300);
        Assert.Equal((term, leader.Last), (leader.Term, group["C"].Commit));
        Assert.Equal([snapshot], group["C"].Installed);
    }

    [Fact]
    public void S37_a_snapshot_that_has_given_way_to_a_newer_one_is_replaced_by_that_one()
    {
        var group = GroupWhoseFollowerNeedsSnapshot(out var leader, out var old);
        leader.ReadsSnapshotsByHand = true;
        group.Heal();
        group.RunFor(100);
        Assert.True(leader.Raft.IsSendingSnapshot);
        leader.Propose("more");
        group.RunFor(60);
        leader.Disk.Contents.Remove(old.Position);
        var newer = leader.TakeSnapshot();
        leader.ReadsSnapshotsByHand = false;
        leader.CompleteSnapshotReads();
        group.RunFor(500);
        Assert.Equal([newer], group["C"].Installed);
    }

    [Fact]
    public void S38_callers_whose_entries_an_installed_snapshot_covers_learn_that_the_outcome_is_unknown()
    {
        var leader = Given.Leader("A", term: 2, log: [1, 1]);
        leader.AppliesByHand = true;
        leader.Propose("x");
        leader.Receive(Message.Appended("B", "A", term: 2, match: 4));
        leader.Propose("y");
        leader.Receive(Message.Appended("B", "A", term: 2, match: 5));
        Assert.Equal(5, leader.Commit);
        Assert.True(leader.HasApplied("x") || leader.OutcomeOf("x") is null);

        // It is no leader any more, and slow: the snapshot overtakes what it has yet to apply.
        leader.Receive(Message.Part("B", "A", term: 3, Given.Snapshot(index: 8, term: 3)));
        Assert.Equal(Outcome.Unknown, leader.OutcomeOf("y"));
        Assert.Equal(new LogIndex(8), leader.MachineIndex);
    }

    [Fact]
    public void S39_a_snapshot_that_is_being_written_when_another_is_installed_is_dropped()
    {
        var node = Given.Node("B", term: 3, log: [1, 2, 2]);
        node.Receive(Message.Append("A", "B", term: 3, previousIndex: 3, previousTerm: 2, entries: [], commit: 3));
        var mine = node.Write(node.Raft.PointOfSnapshot()!);
        var theirs = Given.Snapshot(index: 9, term: 3);
        node.Receive(Message.Part("A", "B", term: 3, theirs));
        node.Do(raft => raft.SnapshotTaken(mine, node.Now));
        Assert.Equal(theirs, node.Disk.Snapshot);
        Assert.Equal(theirs, node.Raft.LatestSnapshot);
    }

    [Fact]
    public void S39_entries_go_on_being_applied_while_a_snapshot_is_written_and_stay_in_the_log_behind_it()
    {
        var group = new TestGroup("ABC", _keepsNothing);
        var leader = group.Elect("A");
        leader.Propose("x");
        group.RunFor(60);
        var header = leader.Write(leader.Raft.PointOfSnapshot()!);
        leader.Propose("y");
        group.RunFor(60);
        leader.Do(raft => raft.SnapshotTaken(header, leader.Now));
        Assert.Equal(new LogIndex(3), leader.Raft.LogBase.Index);
        Assert.Equal((4L, new LogIndex(4)), (leader.Last, leader.MachineIndex));
        leader.Crash();
        leader.Restart();
        Assert.Equal((new LogIndex(3), 4L), (leader.MachineIndex, leader.Last));
    }

    private static TestNode LeaderWithSnapshot(out SnapshotHeader snapshot)
    {
        var leader = new TestNode("A", new TestClock(), Given.Compacted("A", 2, [1, 1, 1, 2, 2, 2], start: 5, snapshot: 5), _keepsNothing);
        snapshot = leader.Disk.Snapshot!;
        leader.Campaign();
        leader.Receive(Message.Vote("B", "A", 3, granted: true));
        leader.Outbox.Clear();
        return leader;
    }

    /// <summary>C was cut off, and the entries that it lacks have given way to a snapshot of 30 bytes, sent in parts of 4.</summary>
    private static TestGroup GroupWhoseFollowerNeedsSnapshot(out TestNode leader, out SnapshotHeader snapshot)
    {
        var group = new TestGroup("ABC", _keepsNothing);
        leader = group.Elect("A");
        group.Isolate("C");
        foreach (var command in new[] { "x", "y", "z" })
        {
            leader.Propose(command);
        }

        group.RunFor(400);
        snapshot = leader.TakeSnapshot(bytes: 30);
        return group;
    }
}
