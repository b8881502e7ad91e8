using System.Collections.Concurrent;
using HdrHistogram;

namespace LifeRaft.Cli;

/// <summary>What became of one kind of requests. Safe for concurrent use.</summary>
internal sealed class BenchCounts
{
    private const long LongestMicroseconds = 3_600_000_000;
    private readonly LongConcurrentHistogram _latencies = new(1, LongestMicroseconds, 3);
    private readonly ConcurrentDictionary<string, long> _errors = new(StringComparer.Ordinal);

    public void Succeeded(TimeSpan latency) => _latencies.RecordValue(Math.Clamp((long)latency.TotalMicroseconds, 1, LongestMicroseconds));

    public void Failed(Exception failure) => _errors.AddOrUpdate(NameOf(failure), 1, (_, count) => count + 1);

    /// <summary>What was counted, over so much time.</summary>
    public BenchFigures Figures(TimeSpan elapsed)
    {
        var count = _latencies.TotalCount;
        return new BenchFigures(
            count,
            count / elapsed.TotalSeconds,
            Milliseconds(50),
            Milliseconds(99),
            Milliseconds(99.9),
            count == 0 ? null : _latencies.GetMaxValue() / 1000.0,
            new SortedDictionary<string, long>(_errors, StringComparer.Ordinal));

        double? Milliseconds(double percentile) => count == 0 ? null : _latencies.GetValueAtPercentile(percentile) / 1000.0;
    }

    /// <summary>The kind of a failure, in camel case: <c>outcomeUnknown</c>, <c>groupUnavailable</c>.</summary>
    private static string NameOf(Exception failure)
    {
        var name = failure.GetType().Name;
        name = name.EndsWith(nameof(Exception), StringComparison.Ordinal) ? name[..^nameof(Exception).Length] : name;
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}

/// <summary>What came of one kind of requests.</summary>
/// <param name="Count">How many succeeded.</param>
/// <param name="PerSecond">How many of them in a second.</param>
/// <param name="P50Ms">Half of them took no longer; null if there are none, here and below.</param>
/// <param name="P99Ms">99 of 100 took no longer.</param>
/// <param name="P999Ms">999 of 1000 took no longer.</param>
/// <param name="MaxMs">The longest.</param>
/// <param name="Errors">How many failed, by kind.</param>
internal sealed record BenchFigures(
    long Count, double PerSecond, double? P50Ms, double? P99Ms, double? P999Ms, double? MaxMs, IReadOnlyDictionary<string, long> Errors);
