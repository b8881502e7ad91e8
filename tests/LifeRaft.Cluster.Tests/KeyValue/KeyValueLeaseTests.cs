namespace LifeRaft.Cluster.Tests;

/// <summary>Leases whose holders, or whose leaders, vanish.</summary>
public sealed class KeyValueLeaseTests
{
    private static readonly byte[] _value = [1];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_keys_of_a_holder_that_vanishes_end_after_it_has_stopped_to_rely_on_them(bool withTheLeader)
    {
        await using var cluster = await RaftCluster.Start(3);
        var group = await cluster.Create("kv/leases");
        var leader = RaftCluster.SiloOf((await cluster.Leader(group)).Address);
        var holder = withTheLeader ? leader : cluster.Running.First(silo => silo != leader);
        var survivor = new KeyValueStore(cluster.From(cluster.Running.First(silo => silo != holder)).GetRaftGroup("kv/leases"));
        var store = new KeyValueStore(cluster.From(holder).GetRaftGroup("kv/leases"));

        var lease = await store.GrantLease(TimeSpan.FromSeconds(2), Cancelled);
        await store.Put("service/b", _value, lease, Cancelled);
        await store.Put("service/a", _value, lease, Cancelled);
        await store.Put("service/c", _value, Cancelled);
        var from = await store.Revision(Cancelled) + 1;
        await cluster.Kill(holder);

        var ended = new List<KeyValueEvent>();
        await foreach (var change in survivor.Watch(KeyValueRange.Prefix("service/"), from, Cancelled))
        {
            Assert.False(lease.IsHeld);
            ended.Add(change);
            if (ended.Count == 2)
            {
                break;
            }
        }

        Assert.All(ended, change => Assert.Equal(KeyValueEventKind.Delete, change.Kind));
        Assert.Equal(["service/a", "service/b"], ended.Select(change => change.Entry.Key));
        Assert.Single(ended.Select(change => change.Revision).Distinct());
        await Wait.For("the holder is told", () => Task.FromResult(lease.Lost), lost => lost.IsCancellationRequested);
        Assert.Equal(["service/c"], (await survivor.Range(KeyValueRange.All, cancellationToken: Cancelled)).Entries.Select(entry => entry.Key));
        await Assert.ThrowsAsync<KeyValueLeaseEndedException>(() => survivor.Put("service/a", _value, lease, Cancelled));
        await lease.DisposeAsync();
    }

    [Fact]
    public async Task A_lease_is_kept_through_the_kill_of_the_leader()
    {
        await using var cluster = await RaftCluster.Start(3);
        var group = await cluster.Create("kv/kept");
        var leader = RaftCluster.SiloOf((await cluster.Leader(group)).Address);
        var store = new KeyValueStore(cluster.From(cluster.Running.First(silo => silo != leader)).GetRaftGroup("kv/kept"));
        await using var lease = await store.GrantLease(TimeSpan.FromSeconds(9), Cancelled);
        await store.Put("here", _value, lease, Cancelled);
        await cluster.Kill(leader);

        // Four words are more than a time to live.
        var before = await Wait.For("a new leader answers", () => store.CountApplied(Cancelled), count => count > 0);
        await Wait.For("the lease was kept by four words", () => store.CountApplied(Cancelled), count => count >= before + 4);
        Assert.True(lease.IsHeld);
        Assert.Equal(lease.Id, (await store.Get("here", Cancelled))!.Lease);
    }

    [Fact]
    public async Task A_lease_in_a_session_ends_for_all_when_it_is_disposed_of()
    {
        await using var cluster = await RaftCluster.Start(1);
        var group = await cluster.Create("kv/session");
        await using var session = await group.OpenSession(Cancelled);
        var store = new KeyValueStore(session);
        await using (var lease = await store.GrantLease(TimeSpan.FromSeconds(30), Cancelled))
        {
            await store.Put("here", _value, lease, Cancelled);
            Assert.NotNull(await new KeyValueStore(group).Get("here", Cancelled));
        }

        Assert.Null(await new KeyValueStore(group).Get("here", Cancelled));
    }
}
