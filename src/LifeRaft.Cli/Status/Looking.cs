namespace LifeRaft.Cli;

/// <summary>Waits for what has no event of its own, by looking again and again.</summary>
internal static class Looking
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    /// <summary>What was seen when it was so, or what was seen last when the command line's time was over.</summary>
    public static async Task<T> Until<T>(ClusterConnection connection, Func<Task<T>> look, Func<T, bool> isReached, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var begun = time.GetTimestamp();
        while (true)
        {
            var seen = await look();
            if (isReached(seen) || time.GetElapsedTime(begun) > connection.Settings.Timeout)
            {
                return seen;
            }

            await Task.Delay(_pause, time, cancellationToken);
        }
    }
}
