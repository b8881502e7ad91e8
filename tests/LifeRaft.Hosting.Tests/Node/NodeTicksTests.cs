using LifeRaft.Protocol;

namespace LifeRaft.Hosting.Tests;

/// <summary>Time passes for a machine through the log, when its deadline has come and not before.</summary>
public sealed class NodeTicksTests
{
    private readonly TimedMachine _machine = new();
    private readonly PumpBench _bench;

    public NodeTicksTests() => _bench = new PumpBench(_machine);

    [Fact]
    public void A_machine_hears_of_its_deadline_when_it_has_come()
    {
        _bench.Found();
        _machine.Deadline = TimeSpan.FromMilliseconds(30);
        Touch();
        Assert.Equal(TimeSpan.FromMilliseconds(30), _bench.Timer);
        Wake(after: TimeSpan.FromMilliseconds(29));
        Assert.Equal(0, _machine.Ticks);
        Wake(after: TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, _machine.Ticks);
        Assert.Equal(TimeSpan.FromMilliseconds(30), _machine.Clocks[^1]);
        Assert.Null(_machine.Deadline);
    }

    [Fact]
    public void One_tick_is_under_way_at_a_time()
    {
        _bench.Found();
        _machine.Deadline = TimeSpan.Zero;
        _bench.Pump.Wake();
        _bench.Run();
        var last = _bench.Pump.Node.Status().Last;
        for (var i = 0; i < 5; i++)
        {
            _bench.Pump.Wake();
            _bench.Run();
        }

        Assert.Equal(last, _bench.Pump.Node.Status().Last);
        _bench.CompleteAllWrites();
        Assert.Equal(1, _machine.Ticks);
    }

    [Fact]
    public void A_machine_that_cannot_do_what_is_due_is_asked_again_now_and_then_and_stops_nobody()
    {
        _bench.Found();
        (_machine.IsStubborn, _machine.Deadline) = (true, TimeSpan.Zero);
        Touch();
        Assert.Equal(1, _machine.Ticks);
        Assert.Equal("what is due cannot be done", _bench.ElapseFailures.Single().Message);
        Wake(after: TimeSpan.FromMilliseconds(99));
        Assert.Equal(1, _machine.Ticks);
        Wake(after: TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, _machine.Ticks);
        Assert.Null(_bench.End);
    }

    [Fact]
    public void A_machine_that_cannot_say_for_what_it_waits_stops_nobody()
    {
        _bench.Found();
        _machine.IsLost = true;
        Touch();
        Touch();
        Assert.Null(_bench.End);
        Assert.Equal("the sequence contains no elements", _bench.ElapseFailures.Single().Message);
        Wake(after: TimeSpan.FromMilliseconds(100));
        Assert.Equal(2, _bench.ElapseFailures.Count);
        (_machine.IsLost, _machine.Deadline) = (false, TimeSpan.Zero);
        Wake(after: TimeSpan.FromMilliseconds(100));
        Assert.Equal(1, _machine.Ticks);
    }

    [Fact]
    public void Another_deadline_does_not_wait_for_the_one_before()
    {
        _bench.Found();
        _machine.Deadline = TimeSpan.FromMilliseconds(10);
        Touch();
        Wake(after: TimeSpan.FromMilliseconds(10));
        _machine.Deadline = TimeSpan.FromMilliseconds(20);
        Touch();
        Wake(after: TimeSpan.FromMilliseconds(10));
        Assert.Equal(2, _machine.Ticks);
    }

    [Fact]
    public void A_follower_lets_no_time_pass()
    {
        _bench.Follow();
        _machine.Deadline = TimeSpan.Zero;
        Wake(after: TimeSpan.FromMilliseconds(50));
        Assert.Equal(0, _machine.Ticks);
        Assert.NotEqual(TimeSpan.Zero, _bench.Timer);
    }

    private void Touch() => Wake(after: TimeSpan.Zero);

    private void Wake(TimeSpan after)
    {
        _bench.Time.Advance(after);
        _bench.Pump.Wake();
        _bench.CompleteAllWrites();
    }
}
