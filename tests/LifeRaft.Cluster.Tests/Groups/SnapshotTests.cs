using LifeRaft.Protocol;

namespace LifeRaft.Cluster.Tests;

/// <summary>Snapshots on silos: taken, sent, and restarted from.</summary>
public sealed class SnapshotTests
{
    [Fact]
    public async Task A_silo_restarts_from_its_snapshot_and_the_entries_behind_it()
    {
        await using var cluster = await RaftCluster.Start(1, options: FewEntries);
        var group = await cluster.Create("kv/snapshots");
        var store = new KeyValueStore(group);
        for (var i = 0; i < 100; i++)
        {
            await store.Put($"key-{i % 10}", new[] { (byte)i });
        }

        var before = await Compacted(cluster, group);
        await cluster.Kill(0);
        await cluster.Restart(0);
        var again = new KeyValueStore(cluster.From(0).GetRaftGroup("kv/snapshots"));
        var entry = await Wait.For("the store answers again", () => again.Get("key-9"), found => found is not null);
        Assert.Equal(10, entry!.Version);
        Assert.Equal(100, await again.CountApplied());
        Assert.True((await cluster.Status(group)).Single().Snapshot >= before.Snapshot);
    }

    [Fact]
    public async Task A_new_member_gets_a_snapshot_where_the_log_begins_too_late_for_it()
    {
        await using var cluster = await RaftCluster.Start(3, options: FewEntries);
        var group = await cluster.Create("kv/late", 0, 1);
        var store = new KeyValueStore(group);
        for (var i = 0; i < 60; i++)
        {
            await store.Put($"key-{i}", new byte[2000]);
        }

        await Compacted(cluster, group);
        await group.Join(RaftCluster.Address(2));
        var late = await cluster.Node(group, 2);
        var status = await Wait.For("the new member has applied everything", late.Status, seen => seen.Applied.Value >= 60);
        Assert.True(status.Snapshot > LogIndex.Zero, $"{status}");
        await store.Put("after", new[] { (byte)1 });
        var nodes = await cluster.AllApplied(group, 3);
        var hashes = await Task.WhenAll(nodes.Select(async node => (await (await cluster.Node(group, RaftCluster.SiloOf(node.Address))).StateHash()).Hash));
        Assert.Single(hashes.Distinct());
    }

    [Fact]
    public async Task A_snapshot_can_be_asked_for()
    {
        await using var cluster = await RaftCluster.Start(1, options: options => options.EntriesKeptBehindSnapshot = 0);
        var group = await cluster.Create("kv/asked");
        await new KeyValueStore(group).Put("x", new byte[500]);
        var node = await cluster.Node(group, 0);
        var snapshot = await node.TakeSnapshot();
        var status = await Wait.For("the log is compacted", node.Status, seen => seen.LogBase == snapshot.Index);
        Assert.Equal(status.Applied, snapshot.Index);
        Assert.True(snapshot.Bytes > 500);
        Assert.Equal(snapshot, await node.TakeSnapshot());
    }

    private static void FewEntries(Hosting.RaftOptions options) =>
        (options.SnapshotAfterEntries, options.EntriesKeptBehindSnapshot, options.SnapshotPartBytes) = (20, 5, 4096);

    private static async Task<NodeStatus> Compacted(RaftCluster cluster, RaftGroup group) => (await Wait.For(
        "every node has compacted its log",
        () => cluster.Status(group),
        nodes => nodes.All(node => node.LogBase > LogIndex.Zero),
        RaftCluster.Describe))[0];
}
