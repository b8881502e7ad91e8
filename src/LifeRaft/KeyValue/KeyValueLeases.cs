using System.Collections.Immutable;

namespace LifeRaft;

/// <summary>What is remembered of a lease.</summary>
/// <param name="TimeToLive">After so long without a word from its holder it ends.</param>
/// <param name="EndsAt">When it ends, by the group's clock, if nothing is heard.</param>
internal readonly record struct KeyValueLeaseTerm(TimeSpan TimeToLive, TimeSpan EndsAt);

/// <summary>The leases of a key-value machine, when they end, and which keys end with them.</summary>
internal sealed class KeyValueLeases
{
    private readonly ExpiryQueue<long> _ends = new();
    private readonly Dictionary<long, SortedSet<string>> _keys = [];

    public KeyValueLeases()
    {
    }

    /// <summary>The leases of a snapshot, with the keys that its entries name.</summary>
    public KeyValueLeases(ImmutableSortedDictionary<long, KeyValueLeaseTerm> terms, IEnumerable<KeyValueEntry> entries)
    {
        Terms = terms;
        foreach (var (lease, term) in terms)
        {
            _ends.Set(lease, term.EndsAt);
        }

        foreach (var entry in entries)
        {
            Attach(entry.Lease, entry.Key);
        }
    }

    /// <summary>The leases that have not ended. Immutable, so that a capture is a reference.</summary>
    public ImmutableSortedDictionary<long, KeyValueLeaseTerm> Terms { get; private set; } = ImmutableSortedDictionary<long, KeyValueLeaseTerm>.Empty;

    /// <summary>When the next one ends; null for never.</summary>
    public TimeSpan? Next => _ends.Next;

    public bool Exists(long lease) => Terms.ContainsKey(lease);

    /// <summary>Begins a lease, or begins it anew.</summary>
    public void Grant(long lease, TimeSpan timeToLive, TimeSpan now)
    {
        var term = new KeyValueLeaseTerm(timeToLive, now + timeToLive);
        Terms = Terms.SetItem(lease, term);
        _ends.Set(lease, term.EndsAt);
    }

    /// <summary>Something was heard of its holder. False if it has ended.</summary>
    public bool Keep(long lease, TimeSpan now)
    {
        if (!Terms.TryGetValue(lease, out var term))
        {
            return false;
        }

        Grant(lease, term.TimeToLive, now);
        return true;
    }

    /// <summary>Ends a lease. Returns its keys, in ordinal order.</summary>
    public IReadOnlyCollection<string> End(long lease)
    {
        Terms = Terms.Remove(lease);
        _ends.Remove(lease);
        return _keys.Remove(lease, out var keys) ? keys : [];
    }

    /// <summary>Takes out the first lease that has ended by now.</summary>
    public bool TryTakeEnded(TimeSpan now, out long lease) => _ends.TryTake(now, out lease);

    /// <summary>A key ends with a lease; with 0, with none.</summary>
    public void Attach(long lease, string key)
    {
        if (lease == 0)
        {
            return;
        }

        if (!_keys.TryGetValue(lease, out var keys))
        {
            _keys[lease] = keys = new SortedSet<string>(StringComparer.Ordinal);
        }

        keys.Add(key);
    }

    /// <summary>A key does not end with a lease any more.</summary>
    public void Detach(long lease, string key)
    {
        if (lease != 0 && _keys.TryGetValue(lease, out var keys) && keys.Remove(key) && keys.Count == 0)
        {
            _keys.Remove(lease);
        }
    }
}
