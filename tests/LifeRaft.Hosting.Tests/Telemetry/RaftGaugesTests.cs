using LifeRaft.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace LifeRaft.Hosting.Tests;

/// <summary>What the nodes of a silo are like at a moment.</summary>
public sealed class RaftGaugesTests : IDisposable
{
    private readonly TestInstruments _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public void One_collection_of_all_gauges_walks_over_the_nodes_once()
    {
        var time = new FakeTimeProvider();
        var gauges = new RaftGauges(_test.Instruments, new NodeSessions(), time);
        _test.Listen();
        _test.Collect();
        Assert.Equal(1, gauges.Censuses);

        time.Advance(NodeCensus.Freshness);
        _test.Collect();
        Assert.Equal(2, gauges.Censuses);
    }

    [Fact]
    public void Nodes_are_counted_by_state_and_the_worst_of_them_is_found()
    {
        var (leader, follower) = (new PumpBench(), new PumpBench());
        leader.Found();
        leader.AddLearner();
        leader.Propose(1);
        leader.CompleteAllWrites();
        follower.Follow();
        follower.Propose(1); // Its turn has not come.
        follower.Time.Advance(TimeSpan.FromSeconds(3));

        var counts = new NodeCounts();
        foreach (var bench in new[] { leader, follower })
        {
            var figures = new NodeFigures();
            figures.Set(bench.Pump.Node, bench.Pump.Node.Lag());
            counts.Add(bench.Pump, figures);
        }

        Assert.Equal((1, 1, 0), (counts.In(RaftState.Leader), counts.In(RaftState.Follower), counts.Failed));
        Assert.Equal((1, 0, 0), (counts.HealthyGroups, counts.DegradedGroups, counts.SilentMembers));
        Assert.Equal(leader.Pump.Node.AppliedIndex.Value, counts.LagMost); // The learner has answered nothing.
        Assert.Equal((1, TimeSpan.FromSeconds(3)), (counts.Inbox, counts.TurnDelay));
        Assert.Equal(0, counts.Leaderless);
    }

    [Fact]
    public void A_failed_node_is_nothing_else()
    {
        var bench = new PumpBench();
        bench.Found();
        bench.Propose(1);
        bench.Run();
        bench.CompleteWrite(new LogStoreException("the disk is gone"));
        var counts = new NodeCounts();
        counts.Add(bench.Pump, new NodeFigures());
        Assert.Equal(1, counts.Failed);
        Assert.All(Enum.GetValues<RaftState>(), state => Assert.Equal(0, counts.In(state)));
    }
}
