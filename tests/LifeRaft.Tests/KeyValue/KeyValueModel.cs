namespace LifeRaft.Tests.KeyValue;

/// <summary>A store that is too simple to be wrong.</summary>
internal sealed class KeyValueModel(KeyValueHistoryBounds bounds)
{
    private readonly SortedDictionary<string, KeyValueEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<long, (TimeSpan TimeToLive, TimeSpan EndsAt)> _leases = [];
    private long _index;
    private TimeSpan _clock;

    /// <summary>When a key was changed last.</summary>
    public long Revision { get; private set; }

    public IReadOnlyList<KeyValueEntry> Entries => [.. _entries.Values];

    /// <summary>All changes that ever were.</summary>
    public List<KeyValueChange> Changes { get; } = [];

    /// <summary>From this revision on all changes are remembered.</summary>
    public long OldestRevision { get; private set; } = 1;

    public TimeSpan? NextEnd => _leases.Count == 0 ? null : _leases.Values.Min(term => term.EndsAt);

    public KeyValueEntry? Get(string key) => _entries.GetValueOrDefault(key);

    public bool HasLease(long lease) => _leases.ContainsKey(lease);

    /// <summary>A command comes, before which everything ends that is due.</summary>
    public void Begin(long index, TimeSpan clock)
    {
        (_index, _clock) = (index, clock);
        foreach (var lease in _leases.Where(lease => lease.Value.EndsAt <= clock).OrderBy(lease => lease.Value.EndsAt).ThenBy(lease => lease.Key).Select(lease => lease.Key).ToList())
        {
            EndLease(lease);
        }
    }

    public KeyValueEntry Put(string key, byte[] value, long lease = 0)
    {
        var entry = new KeyValueEntry(key, value, (Get(key)?.Version ?? 0) + 1, _index, lease);
        _entries[key] = entry;
        Changed(entry, isDelete: false);
        return entry;
    }

    public KeyValueEntry? Delete(string key)
    {
        if (_entries.Remove(key, out var removed))
        {
            Changed(removed, isDelete: true);
        }

        return removed;
    }

    public KeyValueEntry? Carry(Write write) => write.Verb switch
    {
        WriteVerb.Put => Put(write.Key, write.Value),
        WriteVerb.PutWithLease => Put(write.Key, write.Value, write.Lease),
        WriteVerb.Delete => Delete(write.Key),
        _ => Get(write.Key),
    };

    public void GrantLease(long lease, TimeSpan timeToLive) => _leases[lease] = (timeToLive, _clock + timeToLive);

    public bool KeepLease(long lease)
    {
        if (_leases.TryGetValue(lease, out var term))
        {
            GrantLease(lease, term.TimeToLive);
        }

        return HasLease(lease);
    }

    public bool EndLease(long lease)
    {
        foreach (var key in _entries.Values.Where(entry => entry.Lease == lease).Select(entry => entry.Key).ToList())
        {
            Delete(key);
        }

        return _leases.Remove(lease);
    }

    private void Changed(KeyValueEntry entry, bool isDelete)
    {
        Revision = _index;
        Changes.Add(new KeyValueChange(_index, isDelete, entry));
        while (IsTooMuch(Changes.Where(change => change.Revision >= OldestRevision).ToList()))
        {
            OldestRevision = Changes.First(change => change.Revision >= OldestRevision).Revision + 1;
        }
    }

    private bool IsTooMuch(List<KeyValueChange> remembered) =>
        (remembered.Count > bounds.Changes || remembered.Sum(change => KeyValueHistory.BytesOf(change)) > bounds.Bytes) && remembered[0].Revision < Revision;
}
