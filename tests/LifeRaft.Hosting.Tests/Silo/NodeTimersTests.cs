using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LifeRaft.Hosting.Tests;

/// <summary>One timer wakes all nodes of a silo.</summary>
public sealed class NodeTimersTests : IDisposable
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(2);

    private readonly FakeTimeProvider _time = new();
    private readonly NodeTimers _timers;

    public NodeTimersTests() => _timers = new NodeTimers(_time);

    public void Dispose() => _timers.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(0.4)]
    [InlineData(1)]
    [InlineData(49.3)]
    [InlineData(1000)]
    public void A_node_is_woken_when_it_is_due_a_tick_late_at_most_and_never_early(double dueMilliseconds)
    {
        var node = Idle();
        _time.Advance(TimeSpan.FromMilliseconds(0.7));
        var due = TimeSpan.FromMilliseconds(dueMilliseconds);
        _timers.Wake(node.Pump, due);
        _time.Advance(due - TimeSpan.FromTicks(1) is var before && before > TimeSpan.Zero ? before : TimeSpan.Zero);
        Assert.Equal(0, node.TurnsWaiting);
        _time.Advance(TimeSpan.FromTicks(1) + _tick);
        Assert.Equal(1, node.TurnsWaiting);
        Assert.Equal(0, _timers.Count);
    }

    [Fact]
    public void Each_node_is_woken_in_its_time_whatever_the_order_in_which_they_asked()
    {
        List<(PumpBench Node, TimeSpan Due)> nodes = [Due(30), Due(10), Due(20), Due(10)];
        foreach (var (node, due) in nodes)
        {
            _timers.Wake(node.Pump, due);
        }

        for (var milliseconds = 10; milliseconds <= 30; milliseconds += 10)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            Assert.All(nodes, node => Assert.Equal(node.Due <= TimeSpan.FromMilliseconds(milliseconds) ? 1 : 0, node.Node.TurnsWaiting));
        }

        static (PumpBench Node, TimeSpan Due) Due(int milliseconds) => (Idle(), TimeSpan.FromMilliseconds(milliseconds));
    }

    [Fact]
    public void A_node_that_asks_again_for_an_earlier_time_is_woken_then_and_once_in_vain()
    {
        var node = Idle();
        _timers.Wake(node.Pump, TimeSpan.FromMilliseconds(100));
        _timers.Wake(node.Pump, TimeSpan.FromMilliseconds(10));
        _time.Advance(TimeSpan.FromMilliseconds(12));
        Assert.Equal(1, node.TurnsWaiting);
        node.Run();
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(1, node.TurnsWaiting);
        Assert.Equal(0, _timers.Count);
    }

    [Fact]
    public void A_node_that_was_halted_meanwhile_is_left_alone()
    {
        var (halted, other) = (Idle(), Idle());
        _timers.Wake(halted.Pump, TimeSpan.FromMilliseconds(10));
        _timers.Wake(other.Pump, TimeSpan.FromMilliseconds(10));
        halted.Pump.Halt();
        _time.Advance(TimeSpan.FromMilliseconds(12));
        Assert.Equal((0, 1), (halted.TurnsWaiting, other.TurnsWaiting));
    }

    [Fact]
    public void Timers_slow_down_while_most_of_those_that_were_woken_have_not_had_their_turn()
    {
        List<PumpBench> nodes = [.. Enumerable.Range(0, 3 * NodeTimers.AtOnce).Select(_ => Idle())];
        nodes.ForEach(node => _timers.Wake(node.Pump, _tick));
        Pass();
        Assert.Equal(NodeTimers.AtOnce, Woken().Count);
        Pass();
        Assert.Equal(NodeTimers.AtOnce, Woken().Count);

        Woken().Take(NodeTimers.AtOnce / 2).ToList().ForEach(node => node.Run());
        Pass();
        Assert.Equal((NodeTimers.AtOnce / 2) + NodeTimers.AtOnce, Woken().Count);

        Woken().ForEach(node => node.Run());
        Pass();
        Woken().ForEach(node => node.Run());
        Assert.Equal(0, _timers.Count);

        List<PumpBench> Woken() => [.. nodes.Where(node => node.TurnsWaiting > 0)];

        void Pass()
        {
            for (var tick = 0; tick < 10; tick++)
            {
                _time.Advance(_tick);
                nodes.ForEach(node => node.Time.Advance(_tick));
            }
        }
    }

    private static PumpBench Idle()
    {
        var node = new PumpBench();
        node.Run();
        return node;
    }
}
