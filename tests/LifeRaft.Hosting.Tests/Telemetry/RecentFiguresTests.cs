using LifeRaft.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace LifeRaft.Hosting.Tests;

/// <summary>What a node and its store remember of how long things took lately.</summary>
public sealed class RecentFiguresTests
{
    [Fact]
    public void A_leader_times_a_proposal_from_its_arrival_until_it_is_applied()
    {
        var bench = new PumpBench();
        bench.Found();
        Assert.Equal(0, bench.Pump.CommitDurations.Count); // Its own entries are nobody's proposals.

        bench.Propose(1);
        bench.Time.Advance(TimeSpan.FromMilliseconds(2));
        bench.Run();
        bench.Time.Advance(TimeSpan.FromMilliseconds(3));
        bench.CompleteAllWrites();
        Assert.Equal(1, bench.Pump.CommitDurations.Count);
        Assert.Equal(TimeSpan.FromMilliseconds(5), bench.Pump.CommitDurations.Latest);
    }

    [Fact]
    public void A_leader_times_the_heartbeats_of_each_follower()
    {
        var bench = new PumpBench();
        var me = bench.Found();
        var learner = bench.AddLearner();
        Assert.Null(bench.Pump.RoundTrips.Of(me.Id));

        bench.Time.Advance(bench.Timer!.Value);
        bench.Pump.Wake();
        bench.Run();
        var heartbeat = bench.Sent.Select(sent => sent.Message).OfType<HeartbeatRequest>().First();
        bench.Time.Advance(TimeSpan.FromMilliseconds(7));
        bench.Pump.Post(new MessageArrived(learner.Endpoint, new HeartbeatResponse
        {
            Group = heartbeat.Group,
            From = learner.Id,
            To = me.Id,
            Term = heartbeat.Term,
            Round = heartbeat.Round,
            Verified = default,
            Match = default,
        }));
        bench.Run();
        Assert.Equal(1, bench.Pump.RoundTrips.Of(learner.Id)!.Count);
        Assert.InRange(bench.Pump.RoundTrips.Of(learner.Id)!.Latest, TimeSpan.FromMilliseconds(7), TimeSpan.FromMilliseconds(60));
    }

    [Fact]
    public async Task A_store_times_its_commits_and_nothing_else()
    {
        await using var store = new MemoryLogStore(NullLogger<MemoryLogStore>.Instance);
        await store.Open(TestContext.Current.CancellationToken);
        await store.Claim("kv/times/1@silo", TestContext.Current.CancellationToken);
        Assert.Equal(0, store.SyncDurations.Count); // A barrier changes nothing.

        await store.MarkDeleted(new GroupId(Guid.NewGuid()), TestContext.Current.CancellationToken);
        Assert.Equal(1, store.SyncDurations.Count);
    }
}
