using LifeRaft.Protocol;

namespace LifeRaft.Hosting.Tests;

/// <summary>What a node's instruments say, and what they cost.</summary>
public sealed class NodeMeterTests : IDisposable
{
    private readonly TestInstruments _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public void Proposals_are_counted_by_what_became_of_them_and_timed_until_they_are_applied()
    {
        _test.Listen();
        var bench = new PumpBench(settings: new RaftSettings { MaximumCommandBytes = 1 }, meter: _test.MeterOf("kv/orders/1@silo-a"));
        bench.Found();
        Assert.DoesNotContain(_test.Measured, measured => measured.Name is "liferaft.proposals" or "liferaft.commit.duration");

        bench.Propose(1);
        bench.Time.Advance(TimeSpan.FromMilliseconds(5));
        bench.CompleteAllWrites();
        bench.Propose(13); // The machine throws.
        bench.Pump.Post(new CommandArrived(new byte[] { 1, 2 }, new RequestCaller(), 0));
        bench.CompleteAllWrites();
        Assert.Equal(
            [
                "liferaft.outcome=applied", "liferaft.outcome=failed", "liferaft.outcome=too_large",
            ],
            Of("liferaft.proposals").Select(measured => measured.Attributes.Replace("liferaft.machine=kv, ", "", StringComparison.Ordinal)).Order());
        Assert.Equal([0.005, 0.0], Of("liferaft.commit.duration").Select(measured => measured.Value));
        Assert.Equal(2 + 2, Of("liferaft.entries.applied").Sum(measured => measured.Value)); // With the configuration and the leader's own.
    }

    [Fact]
    public void A_follower_does_not_count_what_it_is_asked_in_vain_as_applied()
    {
        _test.Listen();
        var bench = new PumpBench(meter: _test.MeterOf("kv/orders/1@silo-a"));
        bench.Follow();
        bench.Propose(1);
        bench.CompleteAllWrites();
        Assert.Equal("liferaft.machine=kv, liferaft.outcome=not_leader", Assert.Single(Of("liferaft.proposals")).Attributes);
        Assert.Empty(Of("liferaft.commit.duration"));
    }

    [Fact]
    public void Refusals_failures_and_queues_have_counters()
    {
        _test.Listen();
        var meter = _test.MeterOf("kv/orders/1@silo-a");
        meter.Answered(Outcome.Overloaded);
        meter.Overloaded("inbox");
        meter.Failed();
        meter.SnapshotFailed();
        Assert.Equal(
            ["liferaft.machine=kv, liferaft.queue=uncommitted", "liferaft.machine=kv, liferaft.queue=inbox"],
            Of("liferaft.overloads").Select(measured => measured.Attributes));
        Assert.Equal("liferaft.machine=kv", Assert.Single(Of("liferaft.node.failures")).Attributes);
        Assert.Equal("liferaft.machine=kv, liferaft.outcome=failed", Assert.Single(Of("liferaft.snapshots")).Attributes);
    }

    [Fact]
    public void A_group_is_named_only_where_the_options_say_so()
    {
        using var test = new TestInstruments(new RaftOptions { GroupsInMetrics = "lock/main, kv/orders" });
        test.Listen();
        test.MeterOf("kv/orders/1@silo-a").Failed();
        test.MeterOf("kv/others/1@silo-a").Failed();
        Assert.Equal(["liferaft.machine=kv, liferaft.group=kv/orders", "liferaft.machine=kv"], test.Measured.Select(measured => measured.Attributes));
        Assert.Same(test.MeterOf("kv/a/1@silo-a").Tags, test.MeterOf("kv/b/1@silo-a").Tags);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_every_command_costs_is_no_allocation(bool isListenedTo)
    {
        if (isListenedTo)
        {
            _test.Listen(remembers: false);
        }

        var meter = _test.MeterOf("kv/orders/1@silo-a");
        var trip = new RoundTrip("silo-b", true, TimeSpan.FromMilliseconds(1));
        Measure(10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Measure(10_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, allocated);

        void Measure(int commands)
        {
            for (var i = 0; i < commands; i++)
            {
                meter.Applied(TimeSpan.FromMilliseconds(1), hasFailed: false);
                meter.Answered(Outcome.NotLeader);
                meter.Read(ReadConsistency.Linearizable);
                meter.EntriesApplied(1);
                meter.RoundTrip(trip);
            }
        }
    }

    private IEnumerable<(string Name, double Value, string Attributes)> Of(string instrument) => _test.Measured.Where(measured => measured.Name == instrument);
}
