using System.Diagnostics;

namespace LifeRaft.Silo.Tests;

/// <summary>Waits for what has no event of its own; the deadline is many times what is expected.</summary>
internal static class Wait
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static async Task<T> For<T>(string phase, Func<Task<T>> look, Func<T, bool> isReached, Func<string>? describe = null)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var state = await look();
            if (isReached(state))
            {
                return state;
            }

            if (watch.Elapsed > Patience)
            {
                throw new TimeoutException($"{phase}: not reached within {Patience.TotalSeconds} s. Last seen: {state}. {describe?.Invoke()}");
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
