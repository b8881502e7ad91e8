namespace LifeRaft;

/// <summary>
/// What ends when, by the clock of a group (<see cref="CommandContext.Clock"/>), for machines that have leases. Things that end at the
/// same moment end in the order of their keys, so that every member lets them end in the same order.
/// </summary>
/// <typeparam name="TKey">What names a thing that ends.</typeparam>
internal sealed class ExpiryQueue<TKey>
    where TKey : notnull
{
    private readonly Dictionary<TKey, TimeSpan> _ends = [];
    private readonly SortedSet<(TimeSpan At, TKey Key)> _queue = [];

    /// <summary>When the next thing ends; null for never.</summary>
    public TimeSpan? Next => _queue.Count > 0 ? _queue.Min.At : null;

    /// <summary>When a thing ends; null if it does not.</summary>
    public TimeSpan? EndOf(TKey key) => _ends.TryGetValue(key, out var at) ? at : null;

    /// <summary>Sets when a thing ends, whenever it did before.</summary>
    public void Set(TKey key, TimeSpan at)
    {
        Remove(key);
        _ends.Add(key, at);
        _queue.Add((at, key));
    }

    /// <summary>A thing does not end any more.</summary>
    public bool Remove(TKey key) => _ends.Remove(key, out var at) && _queue.Remove((at, key));

    /// <summary>Takes out the first thing that has ended by now.</summary>
    public bool TryTake(TimeSpan now, out TKey key)
    {
        var isDue = Next <= now;
        key = isDue ? _queue.Min.Key : default!;
        return isDue && Remove(key);
    }
}
