namespace LifeRaft.Hosting;

/// <summary>
/// The last durations of something that happens often, for whoever looks at a node now: no histogram, and so no need of a listener.
/// One thread at a time records; any thread may look, and may miss what is being recorded at that moment.
/// </summary>
internal sealed class RecentDurations
{
    /// <summary>How many are remembered.</summary>
    public const int Capacity = 128;

    // In microseconds, in a ring. Made with the first one: most of the nodes of a silo lead nothing.
    private uint[]? _ring;
    private long _count;

    /// <summary>How many there have been, remembered or not.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>The latest one; zero when there was none.</summary>
    public TimeSpan Latest => Count is var count and > 0 ? OfMicroseconds(_ring![(int)((count - 1) % Capacity)]) : TimeSpan.Zero;

    /// <summary>Remembers one in place of the oldest. One of more than 71 minutes counts as that.</summary>
    public void Record(TimeSpan duration)
    {
        var ring = _ring ??= new uint[Capacity];
        ring[(int)(_count % Capacity)] = (uint)Math.Clamp(duration.Ticks / TimeSpan.TicksPerMicrosecond, 0, uint.MaxValue);

        // Behind the sample and its ring: who sees the count sees both.
        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>What is remembered, in figures.</summary>
    public DurationFigures Figures()
    {
        var count = Count;
        if (count == 0)
        {
            return default;
        }

        Span<uint> sorted = stackalloc uint[(int)Math.Min(count, Capacity)];
        _ring.AsSpan(0, sorted.Length).CopyTo(sorted);
        sorted.Sort();
        return new DurationFigures(count, Latest, Rank(sorted, 50), Rank(sorted, 99));
    }

    /// <summary>The smallest one that so many of a hundred do not exceed.</summary>
    private static TimeSpan Rank(ReadOnlySpan<uint> sorted, int percent) =>
        OfMicroseconds(sorted[(((sorted.Length * percent) + 99) / 100) - 1]);

    private static TimeSpan OfMicroseconds(uint microseconds) => new(microseconds * TimeSpan.TicksPerMicrosecond);
}

/// <summary>Figures of the durations that are remembered; all zero when there was none.</summary>
/// <param name="Count">How many there have been in all.</param>
/// <param name="Latest">The latest one.</param>
/// <param name="Median">Half of them take no longer.</param>
/// <param name="Percentile99">Of a hundred, 99 take no longer.</param>
internal readonly record struct DurationFigures(long Count, TimeSpan Latest, TimeSpan Median, TimeSpan Percentile99);
