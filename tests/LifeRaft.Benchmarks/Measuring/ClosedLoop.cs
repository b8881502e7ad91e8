using System.Diagnostics;
using HdrHistogram;

namespace LifeRaft.Benchmarks;

/// <summary>
/// Clients that each send their next request when the answer to the last one is there. A request that fails ends the measurement: a
/// figure that counts failures as fast answers would say nothing.
/// </summary>
internal static class ClosedLoop
{
    private const long LongestNanoseconds = 60_000_000_000;

    public static async Task<LoadFigures> Run(Func<int, Task> request, int clients, TimeSpan duration)
    {
        var all = new LongHistogram(1, LongestNanoseconds, 3);
        var started = Stopwatch.GetTimestamp();
        foreach (var latencies in await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => Client(client)))))
        {
            all.Add(latencies);
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        return new LoadFigures(all.TotalCount, all.TotalCount / elapsed.TotalSeconds, Microseconds(50), Microseconds(99), Microseconds(99.9));

        double Microseconds(double percentile) => all.GetValueAtPercentile(percentile) / 1000.0;

        async Task<HistogramBase> Client(int client)
        {
            var latencies = new LongHistogram(1, LongestNanoseconds, 3);
            while (Stopwatch.GetElapsedTime(started) < duration)
            {
                var sent = Stopwatch.GetTimestamp();
                await request(client);
                latencies.RecordValue(Math.Clamp((long)Stopwatch.GetElapsedTime(sent).TotalNanoseconds, 1, LongestNanoseconds));
            }

            return latencies;
        }
    }
}
