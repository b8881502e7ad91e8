namespace LifeRaft.DistributedLock;

/// <summary>The times to wait that the package allows, which counts whole milliseconds.</summary>
internal static class WaitTime
{
    /// <param name="timeout">Null for as long as it takes.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative and not infinite, or longer than <see cref="int.MaxValue"/> milliseconds.</exception>
    public static TimeSpan Of(TimeSpan? timeout)
    {
        var milliseconds = timeout is { } limited ? (long)limited.TotalMilliseconds : Timeout.Infinite;
        return milliseconds is >= Timeout.Infinite and <= int.MaxValue
            ? TimeSpan.FromMilliseconds(milliseconds)
            : throw new ArgumentOutOfRangeException(nameof(timeout), timeout, $"A time to wait is from zero to {TimeSpan.FromMilliseconds(int.MaxValue)}, or Timeout.InfiniteTimeSpan.");
    }
}
