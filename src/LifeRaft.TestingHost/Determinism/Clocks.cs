using System.Diagnostics;

namespace LifeRaft.TestingHost;

/// <summary>What the clocks of the process showed at one moment.</summary>
internal readonly struct Clocks
{
    private readonly long _ticks;
    private readonly long _stamp;
    private readonly DateTime _time;

    private Clocks(long ticks, long stamp, DateTime time) => (_ticks, _stamp, _time) = (ticks, stamp, time);

    public static Clocks Now => new(Environment.TickCount64, Stopwatch.GetTimestamp(), DateTime.UtcNow);

    /// <summary>Returns when every clock shows something else.</summary>
    public void WaitForOthers()
    {
        var then = this;
        SpinWait.SpinUntil(() => Environment.TickCount64 != then._ticks && Stopwatch.GetTimestamp() != then._stamp && DateTime.UtcNow != then._time);
    }

    /// <summary>Returns when a clock that is read to the second shows something else.</summary>
    public void WaitForAnotherSecond()
    {
        var then = this;
        SpinWait.SpinUntil(() => DateTime.UtcNow.Second != then._time.Second);
    }
}
