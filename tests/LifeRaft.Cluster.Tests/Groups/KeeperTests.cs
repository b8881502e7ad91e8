using LifeRaft.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;

namespace LifeRaft.Cluster.Tests;

/// <summary>The nodes of a silo run without anybody calling them.</summary>
public sealed class KeeperTests
{
    [Fact]
    public async Task A_node_that_Orleans_deactivates_and_one_whose_silo_restarts_come_back_by_themselves()
    {
        await using var cluster = await RaftCluster.Start(1);
        var group = await cluster.Create("kv/kept");
        var store = new KeyValueStore(group);
        await store.Put("key", "1"u8.ToArray(), TestContext.Current.CancellationToken);
        var node = await cluster.Node(group, 0);
        var endpoint = node.GetGrainId().ToString();

        // The only node of its group, and nobody calls it: neither a peer's message nor this test brings it back.
        var inbox = cluster.Services(0).GetRequiredService<PeerInbox>();
        var before = inbox.Find(endpoint);
        Assert.NotNull(before);
        await node.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        await Wait.For("the node runs again", () => Task.FromResult(inbox.Find(endpoint)), pump => pump is not null && pump != before);

        await cluster.Kill(0);
        await cluster.Restart(0);
        await Wait.For(
            "the keeper has activated the node",
            () => Task.FromResult(cluster.Services(0).GetRequiredService<PeerInbox>().Find(endpoint)),
            pump => pump is not null);
        var entry = await new KeyValueStore(cluster.From(0).GetRaftGroup("kv/kept")).Get("key", TestContext.Current.CancellationToken);
        Assert.Equal(1, entry!.Version);
    }
}
