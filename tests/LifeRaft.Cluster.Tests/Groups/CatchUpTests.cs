using System.Collections.Concurrent;
using LifeRaft.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace LifeRaft.Cluster.Tests;

/// <summary>A member that comes is waited for as long as it gets further.</summary>
public sealed class CatchUpTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_large_snapshot_may_take_longer_than_the_deadline()
    {
        await using var cluster = await RaftCluster.Start(2, options: options => (options.SnapshotPartBytes, options.MaximumSnapshotPartsInFlight, options.EntriesKeptBehindSnapshot) = (1024, 1, 0));
        var token = TestContext.Current.CancellationToken;
        var group = await cluster.Create("kv/large", 0);
        var store = new KeyValueStore(group);
        for (var number = 0; number < 48; number++)
        {
            await store.Put($"{number}", new byte[512 * 1024]);
        }

        await (await cluster.Node(group, 0)).TakeSnapshot();
        var seen = new Recorded();
        group.Timeout = TimeSpan.FromSeconds(3);
        group.CatchingUp = seen;
        var joined = await group.AddVoter(RaftCluster.Address(1), token);
        Assert.True(joined.Member.IsVoter);
        Assert.Contains((await group.Members(token)), member => member.Address == RaftCluster.Address(1) && member.IsVoter);
        output.WriteLine(string.Join(Environment.NewLine, seen.All));
        Assert.True(seen.All.Count(how => how.Snapshot is not null) > 2, "It took no longer than the deadline; make the snapshot larger.");
    }

    [Fact]
    public async Task One_that_gets_no_further_is_given_up_and_it_is_said_how_far_it_is()
    {
        await using var cluster = await RaftCluster.Start(2);
        var group = await cluster.Create("kv/stuck", 0);
        group.Timeout = TimeSpan.FromSeconds(2);
        await group.AddLearner(RaftCluster.Address(1), TestContext.Current.CancellationToken);
        cluster.Services(1).GetRequiredService<PeerInbox>().HaltAll(); // The silo runs on, and its node says nothing any more.
        var failure = await Assert.ThrowsAsync<OutcomeUnknownException>(() => group.AddVoter(RaftCluster.Address(1), TestContext.Current.CancellationToken));
        Assert.Contains("2@Silo_1 has the log up to entry", failure.Message, StringComparison.Ordinal);
        Assert.Contains("liferaft member remove kv/stuck 2@Silo_1", failure.Message, StringComparison.Ordinal);
    }

    private sealed class Recorded : IProgress<CatchUp>
    {
        public ConcurrentQueue<CatchUp> All { get; } = new();

        public void Report(CatchUp value) => All.Enqueue(value);
    }
}
