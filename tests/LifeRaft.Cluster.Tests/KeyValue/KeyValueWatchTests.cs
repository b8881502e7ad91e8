using System.Collections.Concurrent;

namespace LifeRaft.Cluster.Tests;

/// <summary>Watches, and what they see while silos come and go.</summary>
public sealed class KeyValueWatchTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watch_sees_every_change_once_across_the_kill_of_the_leader_and_the_restart_of_all_silos()
    {
        await using var cluster = await RaftCluster.Start(3, options: options => options.EntriesKeptBehindSnapshot = 0);
        var group = await cluster.Create("kv/watched");
        var leader = RaftCluster.SiloOf((await cluster.Leader(group)).Address);
        var survivor = new KeyValueStore(cluster.From(cluster.Running.First(silo => silo != leader)).GetRaftGroup("kv/watched"));
        var seen = new ConcurrentQueue<KeyValueEvent>();

        using (var watching = CancellationTokenSource.CreateLinkedTokenSource(Cancelled))
        {
            var watch = Follow(survivor, 1, seen, watching.Token);
            await Write(survivor, 0, 50);
            var writing = Write(survivor, 50, 150);
            await cluster.Kill(leader);
            await writing;
            await Wait.For("the watch has seen 150 changes", () => Task.FromResult(seen.Count), count => count == 150);
            await watching.CancelAsync();
            await watch;
        }

        await cluster.Restart(leader);
        await cluster.AllApplied(group, 3);
        await Write(survivor, 150, 170);
        await cluster.AllApplied(group, 3);
        foreach (var silo in cluster.Running)
        {
            await (await cluster.Node(group, silo)).TakeSnapshot();
        }

        await Write(survivor, 170, 190);
        foreach (var silo in cluster.Running.ToList())
        {
            await cluster.Kill(silo);
        }

        foreach (var silo in Enumerable.Range(0, 3))
        {
            await cluster.Restart(silo);
        }

        var again = new KeyValueStore(cluster.From(0).GetRaftGroup("kv/watched"));
        using (var watching = CancellationTokenSource.CreateLinkedTokenSource(Cancelled))
        {
            var watch = Follow(again, seen.Last().Revision + 1, seen, watching.Token);
            await Write(again, 190, 200);
            await Wait.For("the watch has seen 200 changes", () => Task.FromResult(seen.Count), count => count == 200);
            await watching.CancelAsync();
            await watch;
        }

        var entries = new List<KeyValueEntry>();
        await foreach (var entry in again.List(cancellationToken: Cancelled))
        {
            entries.Add(entry);
        }

        Assert.Equal(entries.OrderBy(entry => entry.Revision), seen.Select(change => change.Entry));
        Assert.All(seen, change => Assert.Equal((KeyValueEventKind.Put, change.Entry.Revision, true), (change.Kind, change.Revision, change.IsLastOfRevision)));
        Assert.Equal(200, seen.Select(change => change.Revision).Distinct().Count());
    }

    [Fact]
    public async Task Bad_input_is_refused_and_nothing_is_lost()
    {
        await using var cluster = await RaftCluster.Start(1, options: options => options.MaximumCommandBytes = 1000);
        var group = await cluster.Create("kv/bad");
        var store = new KeyValueStore(group);
        await store.Put("a", new byte[] { 1 }, Cancelled);

        await Assert.ThrowsAsync<InvalidRequestException>(() => store.Transact([], [KeyValueOperation.Put("a", new byte[1001])], cancellationToken: Cancelled));
        await Assert.ThrowsAsync<InvalidRequestException>(() => store.GrantLease(TimeSpan.Zero, Cancelled));
        await Assert.ThrowsAsync<InvalidRequestException>(() => store.Range(KeyValueRange.All, -1, cancellationToken: Cancelled));
        await Assert.ThrowsAsync<CommandFailedException>(() => group.Command(new byte[] { 4 }, Cancelled));
        await Assert.ThrowsAsync<CommandFailedException>(() => group.Await(new byte[] { 1 }, Cancelled));
        var unknown = new KeyValueStore(cluster.From(0).GetRaftGroup("kv/nobody"));
        await Assert.ThrowsAsync<GroupNotFoundException>(() => First(unknown.Watch(KeyValueRange.All, 1, Cancelled)));
        await Assert.ThrowsAsync<GroupNotFoundException>(() => unknown.GrantLease(TimeSpan.FromSeconds(1), Cancelled));

        using var soon = new CancellationTokenSource();
        var waiting = First(store.Watch(KeyValueRange.Key("b"), 1, soon.Token));
        await soon.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal([1], (await store.Get("a", Cancelled))!.Value.ToArray());
        Assert.Equal(1, await store.CountApplied(Cancelled));
    }

    [Fact]
    public async Task What_is_compacted_is_told_to_a_client_as_such()
    {
        await using var cluster = await RaftCluster.Start(1);
        var group = await cluster.Create("kv/compacted");
        var store = new KeyValueStore(group);
        for (var i = 0; i < 10; i++)
        {
            await store.Put("large", new byte[1_000_000], Cancelled);
        }

        var failure = await Assert.ThrowsAsync<KeyValueCompactedException>(() => First(store.Watch(KeyValueRange.All, 1, Cancelled)));
        var page = await store.Range(KeyValueRange.All, cancellationToken: Cancelled);
        var oldest = await First(store.Watch(KeyValueRange.All, failure.OldestRevision, Cancelled));
        Assert.Equal(failure.OldestRevision, oldest.Revision);
        var next = First(store.Watch(KeyValueRange.All, page.Revision + 1, Cancelled));
        await store.Put("small", new byte[] { 1 }, Cancelled);
        Assert.Equal("small", (await next).Entry.Key);
    }

    /// <summary>Writes each key once, whatever happens: what may have been written is not written again.</summary>
    private static async Task Write(KeyValueStore store, int from, int to) => await Task.WhenAll(Enumerable.Range(from, to - from).Select(i => Wait.For(
        $"key {i} is written",
        () => store.CompareAndSwap($"key/{i:000}", 0, BitConverter.GetBytes(i), Cancelled),
        result => result.Entry is not null)));

    private static async Task Follow(KeyValueStore store, long from, ConcurrentQueue<KeyValueEvent> seen, CancellationToken stop)
    {
        try
        {
            await foreach (var change in store.Watch(KeyValueRange.Prefix("key/"), from, stop))
            {
                seen.Enqueue(change);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It was told to end.
        }
    }

    private static async Task<KeyValueEvent> First(IAsyncEnumerable<KeyValueEvent> events)
    {
        await foreach (var change in events)
        {
            return change;
        }

        throw new InvalidOperationException("A watch does not end by itself.");
    }
}
