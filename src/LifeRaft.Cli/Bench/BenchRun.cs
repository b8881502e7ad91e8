namespace LifeRaft.Cli;

/// <summary>Clients that write and read for a while.</summary>
/// <param name="store">What they write to and read from.</param>
/// <param name="settings">How much of what.</param>
/// <param name="prefix">What the keys begin with.</param>
/// <param name="time">The clock that measures.</param>
/// <param name="random">Draws the value.</param>
internal sealed class BenchRun(KeyValueStore store, BenchSettings settings, string prefix, TimeProvider time, Random random)
{
    private const int KeysRemovedAtOnce = 100;

    private static readonly TimeSpan _pauseAfterFailure = TimeSpan.FromMilliseconds(20);

    private readonly byte[] _value = new byte[settings.ValueBytes];
    private long _number;
    private BenchCounts _writes = new();
    private BenchCounts _reads = new();

    /// <summary>Warms up, measures, and returns the figures.</summary>
    /// <param name="progress">Hears how much of how much is over.</param>
    /// <param name="cancellationToken">Ends it early; what was measured until then counts.</param>
    public async Task<(TimeSpan Elapsed, BenchFigures Writes, BenchFigures Reads)> Run(Action<long, long> progress, CancellationToken cancellationToken)
    {
        random.NextBytes(_value);
        var all = settings.WarmUp + settings.Duration;
        await Work(settings.WarmUp, elapsed => progress(elapsed.Ticks, all.Ticks), cancellationToken);
        (_writes, _reads) = (new BenchCounts(), new BenchCounts());
        var measured = await Work(settings.Duration, elapsed => progress((settings.WarmUp + elapsed).Ticks, all.Ticks), cancellationToken);
        return (measured, _writes.Figures(measured), _reads.Figures(measured));
    }

    /// <summary>Removes what was written.</summary>
    public async Task CleanUp(CancellationToken cancellationToken)
    {
        // Keys are written in turn, so the last ones may never have been.
        var written = (int)Math.Min(settings.Keys, Interlocked.Read(ref _number) + 1);
        foreach (var keys in Enumerable.Range(0, written).Select(KeyOf).Chunk(KeysRemovedAtOnce))
        {
            await store.Transact([], [.. keys.Select(KeyValueOperation.Delete)], cancellationToken: cancellationToken);
        }
    }

    private async Task<TimeSpan> Work(TimeSpan duration, Action<TimeSpan> progress, CancellationToken cancellationToken)
    {
        if (duration == TimeSpan.Zero)
        {
            return duration;
        }

        var begun = time.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), time);
        var showing = Show(timer, () => progress(time.GetElapsedTime(begun)));
        await Task.WhenAll(Enumerable.Range(0, settings.Clients).Select(_ => Task.Run(() => Client(begun, duration, cancellationToken), CancellationToken.None)));
        var elapsed = time.GetElapsedTime(begun);
        timer.Dispose();
        await showing;
        return elapsed;
    }

    private static async Task Show(PeriodicTimer timer, Action show)
    {
        while (await timer.WaitForNextTickAsync())
        {
            show();
        }
    }

    private async Task Client(long begun, TimeSpan duration, CancellationToken cancellationToken)
    {
        while (time.GetElapsedTime(begun) < duration && !cancellationToken.IsCancellationRequested)
        {
            // Reads and writes are spread evenly, and the keys in turn: so two runs do the same.
            var number = Interlocked.Increment(ref _number);
            var isRead = number * settings.ReadPercent % 100 < settings.ReadPercent;
            var key = KeyOf((int)(number % settings.Keys));
            var counts = isRead ? _reads : _writes;
            var started = time.GetTimestamp();
            try
            {
                await (isRead ? store.Get(key, CancellationToken.None) : store.Put(key, _value, CancellationToken.None) as Task);
                counts.Succeeded(time.GetElapsedTime(started));
            }
            catch (Exception failure) when (Failures.Explain(failure) is not null)
            {
                counts.Failed(failure);
                await Task.Delay(_pauseAfterFailure, time, CancellationToken.None);
            }
        }
    }

    private string KeyOf(int number) => $"{prefix}{number}";
}
