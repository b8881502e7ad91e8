namespace LifeRaft.Simulation;

/// <summary>
/// The clock of one host. Its monotonic side runs at a rate of its own, which may change and never goes back; its wall clock is
/// wrong by any amount.
/// </summary>
internal sealed class HostClock(EventQueue queue) : TimeProvider
{
    private static readonly DateTimeOffset _beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private TimeSpan _since;
    private TimeSpan _base;

    /// <summary>How fast it runs, in thousandths of the true speed.</summary>
    public int RatePerMille { get; private set; } = 1000;

    public TimeSpan WallClockError { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Run(int ratePerMille)
    {
        _base = Elapsed();
        _since = queue.Now;
        RatePerMille = ratePerMille;
    }

    /// <summary>How long that time of this clock really takes.</summary>
    public TimeSpan ToTrueTime(TimeSpan duration) =>
        duration < TimeSpan.FromDays(1000) ? duration * 1000 / RatePerMille : duration;

    public override long GetTimestamp() => Elapsed().Ticks;

    public override DateTimeOffset GetUtcNow() => _beginning + queue.Now + WallClockError;

    private TimeSpan Elapsed() => _base + new TimeSpan((queue.Now - _since).Ticks * RatePerMille / 1000);
}
