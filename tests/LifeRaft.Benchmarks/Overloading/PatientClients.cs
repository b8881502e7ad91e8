using System.Diagnostics;
using HdrHistogram;

namespace LifeRaft.Benchmarks;

/// <summary>
/// Clients that do as the refusal says: who is refused as overload tries again later, after a pause at random that may be twice as long each
/// time. What took how long is that of the attempts that were accepted.
/// </summary>
/// <param name="request">One attempt of a client; it may be repeated, whatever became of it.</param>
internal sealed class PatientClients(Func<int, Task> request)
{
    private const long LongestMicroseconds = 60_000_000;

    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _longestPause = TimeSpan.FromMilliseconds(320);

    private readonly Lock _gate = new();
    private readonly LongHistogram _accepted = new(1, LongestMicroseconds, 3);
    private long _refused;
    private long _lost;

    /// <summary>Attempts that were refused as overload.</summary>
    public long Refused => _refused;

    /// <summary>Attempts that found no leader, or of which nobody knows what became.</summary>
    public long Lost => _lost;

    /// <summary>99 of 100 attempts that were accepted took no longer, in microseconds.</summary>
    public double P99Us => _accepted.GetValueAtPercentile(99);

    /// <summary>Attempts until one is accepted.</summary>
    public async Task Ask(int client)
    {
        for (var most = _firstPause; ; most = most < _longestPause ? 2 * most : most)
        {
            try
            {
                var sent = Stopwatch.GetTimestamp();
                await request(client);
                var taken = (long)Stopwatch.GetElapsedTime(sent).TotalMicroseconds;
                lock (_gate)
                {
                    _accepted.RecordValue(Math.Clamp(taken, 1, LongestMicroseconds));
                }

                return;
            }
            catch (OverloadedException)
            {
                Interlocked.Increment(ref _refused);
            }
            catch (Exception failure) when (failure is OutcomeUnknownException or GroupUnavailableException)
            {
                Interlocked.Increment(ref _lost);
            }

            await Task.Delay(most * Random.Shared.NextDouble());
        }
    }
}
