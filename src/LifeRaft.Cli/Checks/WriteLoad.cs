using HdrHistogram;

namespace LifeRaft.Cli;

/// <summary>What was measured.</summary>
/// <param name="Writes">Acknowledged writes.</param>
/// <param name="Failed">Writes that were refused, or of unknown outcome.</param>
/// <param name="FirstFailure">Why the first of them failed; null for none.</param>
/// <param name="Took">How long it was written.</param>
/// <param name="P50">Half of the writes took no longer.</param>
/// <param name="P99">99 of 100 took no longer.</param>
/// <param name="Slowest">None took longer.</param>
internal sealed record WriteMeasurement(long Writes, long Failed, string? FirstFailure, TimeSpan Took, TimeSpan P50, TimeSpan P99, TimeSpan Slowest)
{
    public double PerSecond => Writes / Took.TotalSeconds;
}

/// <summary>Clients that write for some time, each one thing after the other, and remove what they wrote.</summary>
internal sealed class WriteLoad(KeyValueStore store, int clients, int bytes, TimeProvider time)
{
    private const string Prefix = "liferaft-check-perf/";
    private const long LongestMicroseconds = 3_600_000_000;

    // The first writes open connections and meet code that is not compiled yet; they are not measured.
    private const int WarmUpWrites = 20;

    private static readonly TimeSpan _afterFailure = TimeSpan.FromMilliseconds(100);

    private readonly LongConcurrentHistogram _latencies = new(1, LongestMicroseconds, 3);
    private readonly string _run = $"{Prefix}{Guid.NewGuid():N}/";
    private long _failed;
    private string? _firstFailure;

    /// <param name="duration">How long.</param>
    /// <param name="progress">Told how far it is: so much of so much.</param>
    /// <param name="cancellationToken">Ends it early, as a failure.</param>
    public async Task<WriteMeasurement> Run(TimeSpan duration, Action<long, long> progress, CancellationToken cancellationToken)
    {
        var value = new byte[bytes];
        Array.Fill(value, (byte)'x');
        try
        {
            for (var write = 0; write < WarmUpWrites; write++)
            {
                await store.Put($"{_run}warm-up", value, cancellationToken);
            }

            var begun = time.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Write(client, value, begun, duration, progress, cancellationToken)));
            var took = time.GetElapsedTime(begun);
            return new WriteMeasurement(_latencies.TotalCount, _failed, _firstFailure, took, At(50), At(99), At(100));
        }
        finally
        {
            await Clean();
        }
    }

    private async Task Write(int client, byte[] value, long begun, TimeSpan duration, Action<long, long> progress, CancellationToken cancellationToken)
    {
        while (time.GetElapsedTime(begun) < duration)
        {
            var sent = time.GetTimestamp();
            try
            {
                await store.Put($"{_run}{client}", value, cancellationToken);
                _latencies.RecordValue(Math.Clamp((long)time.GetElapsedTime(sent).TotalMicroseconds, 1, LongestMicroseconds));
            }
            catch (RaftException failure)
            {
                Interlocked.Increment(ref _failed);
                Interlocked.CompareExchange(ref _firstFailure, failure.Message, null);
                await Task.Delay(_afterFailure, time, cancellationToken);
            }

            if (client == 0)
            {
                progress((long)time.GetElapsedTime(begun).TotalMilliseconds, (long)duration.TotalMilliseconds);
            }
        }
    }

    private async Task Clean()
    {
        try
        {
            await store.Delete($"{_run}warm-up");
            for (var client = 0; client < clients; client++)
            {
                await store.Delete($"{_run}{client}");
            }
        }
        catch (RaftException)
        {
            // The verdict is of the writes. What is left is a few keys whose names say what they are.
        }
    }

    private TimeSpan At(double percentile) => TimeSpan.FromMicroseconds(_latencies.TotalCount == 0 ? 0 : _latencies.GetValueAtPercentile(percentile));
}
