using System.Collections.Concurrent;
using System.Diagnostics;
using HdrHistogram;

namespace LifeRaft.Benchmarks;

/// <summary>
/// Clients that each send their next request when the answer to the last one is there, at least one each. A request that fails ends the measurement: a
/// figure that counts failures as fast answers would say nothing.
/// </summary>
internal static class ClosedLoop
{
    private const long LongestNanoseconds = 60_000_000_000;

    /// <summary>What a measurement needs is there from its warm-up on, so that it does not count among the bytes that it measures.</summary>
    private static readonly ConcurrentBag<LongHistogram> _spare = [];

    public static async Task<LoadFigures> Run(Func<int, Task> request, int clients, TimeSpan duration)
    {
        var all = Histogram();
        var started = Stopwatch.GetTimestamp();
        var each = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => Client(client))));
        var elapsed = Stopwatch.GetElapsedTime(started);
        foreach (var latencies in each)
        {
            all.Add(latencies);
            _spare.Add(latencies);
        }

        var figures = new LoadFigures(all.TotalCount, all.TotalCount / elapsed.TotalSeconds, Microseconds(50), Microseconds(99), Microseconds(99.9));
        _spare.Add(all);
        return figures;

        double Microseconds(double percentile) => all.GetValueAtPercentile(percentile) / 1000.0;

        async Task<LongHistogram> Client(int client)
        {
            var latencies = Histogram();
            do
            {
                var sent = Stopwatch.GetTimestamp();
                await request(client);
                latencies.RecordValue(Math.Clamp((long)Stopwatch.GetElapsedTime(sent).TotalNanoseconds, 1, LongestNanoseconds));
            }
            while (Stopwatch.GetElapsedTime(started) < duration);

            return latencies;
        }
    }

    private static LongHistogram Histogram()
    {
        if (!_spare.TryTake(out var histogram))
        {
            return new LongHistogram(1, LongestNanoseconds, 3);
        }

        histogram.Reset();
        return histogram;
    }
}
