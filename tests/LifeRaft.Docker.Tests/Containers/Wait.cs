using System.Diagnostics;

namespace LifeRaft.Docker.Tests;

/// <summary>
/// Waits for the state of other processes, which have no event for it: the one place here that polls. The interval only decides how soon the
/// test goes on; the deadline is many times what is expected.
/// </summary>
internal static class Wait
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    public static async Task<T> For<T>(string phase, Func<T> look, Func<T, bool> isReached, Func<T, string> describe)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var seen = look();
            if (isReached(seen))
            {
                return seen;
            }

            if (watch.Elapsed > _patience)
            {
                throw new TimeoutException($"{phase}: not reached within {_patience.TotalSeconds} s. Last seen: {describe(seen)}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
        }
    }
}
