namespace LifeRaft.Tests.KeyValue;

/// <summary>A store that is too simple to be wrong.</summary>
internal sealed class KeyValueModel
{
    private readonly SortedDictionary<string, KeyValueEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>When a key was changed last.</summary>
    public long Revision { get; private set; }

    public IReadOnlyList<KeyValueEntry> Entries => [.. _entries.Values];

    public KeyValueEntry? Get(string key) => _entries.GetValueOrDefault(key);

    public KeyValueEntry Put(string key, byte[] value, long index)
    {
        Revision = index;
        return _entries[key] = new KeyValueEntry(key, value, (Get(key)?.Version ?? 0) + 1, index);
    }

    public KeyValueEntry? Delete(string key, long index)
    {
        if (_entries.Remove(key, out var removed))
        {
            Revision = index;
        }

        return removed;
    }

    public KeyValueEntry? Carry(Write write, long index) => write.Verb switch
    {
        WriteVerb.Put => Put(write.Key, write.Value, index),
        WriteVerb.Delete => Delete(write.Key, index),
        _ => Get(write.Key),
    };
}
