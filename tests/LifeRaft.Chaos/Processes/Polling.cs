using System.Diagnostics;

namespace LifeRaft.Chaos;

/// <summary>
/// Waits for what has no event of its own: the state of several nodes together. The one place that polls; the interval only decides how
/// soon the caller goes on, and grows with the wait, so that looking does not take the processor from what is waited for. The deadline is
/// many times what is expected.
/// </summary>
internal static class Polling
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _longest = TimeSpan.FromMilliseconds(100);

    public static Task<T> For<T>(
        string phase, Func<Task<T>> look, Func<T, bool> isReached, Func<T, string>? describe = null, CancellationToken cancellationToken = default) =>
        For(phase, look, isReached, describe, Patience, cancellationToken);

    public static async Task<T> For<T>(
        string phase, Func<Task<T>> look, Func<T, bool> isReached, Func<T, string>? describe, TimeSpan patience, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var seen = "nothing";
        while (watch.Elapsed < patience)
        {
            try
            {
                var state = await look();
                if (isReached(state))
                {
                    return state;
                }

                seen = describe?.Invoke(state) ?? $"{state}";
            }
            catch (RaftException failure)
            {
                seen = failure.Message;
            }

            await Task.Delay(TimeSpan.FromTicks(Math.Clamp(watch.Elapsed.Ticks / 10, _shortest.Ticks, _longest.Ticks)), cancellationToken);
        }

        throw new TimeoutException($"{phase}: not reached within {patience.TotalSeconds} s. Last seen: {seen}");
    }
}
