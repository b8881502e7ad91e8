using LifeRaft.TestingHost;

namespace LifeRaft.Dashboard.Tests;

/// <summary>Three silos with a group that tests only look at, or move the leader of; none kills a silo.</summary>
public sealed class SharedCluster : IAsyncLifetime
{
    internal RaftTestCluster Cluster { get; private set; } = null!;

    internal RaftGroup Group { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Cluster = await Clusters.Start(3);
        Group = await Cluster.Create("kv/orders");
        await Cluster.WaitForAllApplied(Group);
    }

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
