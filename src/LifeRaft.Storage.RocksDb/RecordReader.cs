using LifeRaft.Hosting;
using RocksDbSharp;

namespace LifeRaft.Storage.RocksDb;

/// <summary>Reads records and names what is damaged: which node, which record, why.</summary>
internal sealed class RecordReader(RocksDbSharp.RocksDb database, string description)
{
    private readonly ReadOptions _options = new ReadOptions().SetVerifyChecksums(true);

    /// <summary>The content of a record, or null when there is none.</summary>
    /// <param name="key">Which record.</param>
    /// <param name="node">Whose it is, for the message; null for the store's own.</param>
    internal ReadOnlyMemory<byte>? Find(byte[] key, string? node)
    {
        byte[] stored;
        try
        {
            stored = database.Get(key, readOptions: _options);
        }
        catch (RocksDbException failure)
        {
            throw Corrupt(node, key, failure.Message, failure);
        }

        // Spelt out: a plain null would become empty memory, which is a record.
        return stored is null ? default(ReadOnlyMemory<byte>?) : Open(key, stored, node);
    }

    /// <summary>All records whose keys begin with <paramref name="prefix"/>, in order.</summary>
    internal List<(byte[] Key, ReadOnlyMemory<byte> Content)> FindAll(byte[] prefix, string? node)
    {
        var found = new List<(byte[], ReadOnlyMemory<byte>)>();
        using var iterator = Seek(prefix);
        for (; iterator.Valid() && iterator.GetKeySpan().StartsWith(prefix); iterator.Next())
        {
            var key = iterator.Key();
            found.Add((key, Open(key, iterator.Value(), node)));
        }

        ThrowIfBroken(iterator, node, prefix);
        return found;
    }

    /// <summary>The smallest key from <paramref name="key"/> on, or null.</summary>
    internal byte[]? FirstKeyFrom(byte[] key, string? node)
    {
        using var iterator = Seek(key);
        var found = iterator.Valid() ? iterator.Key() : null;
        ThrowIfBroken(iterator, node, key);
        return found;
    }

    internal Iterator Seek(byte[] key) => database.NewIterator(readOptions: _options).Seek(key);

    /// <summary>An iterator that meets damage becomes invalid as if it had reached the end; this tells the two apart.</summary>
    internal void ThrowIfBroken(Iterator iterator, string? node, byte[] key)
    {
        try
        {
            Native.Instance.rocksdb_iter_get_error(iterator.Handle);
        }
        catch (RocksDbException failure)
        {
            throw Corrupt(node, key, failure.Message, failure);
        }
    }

    internal ReadOnlyMemory<byte> Open(byte[] key, byte[] stored, string? node) =>
        RecordSeal.Damage(key, stored) is { } damage ? throw Corrupt(node, key, damage) : stored.AsMemory(0, stored.Length - RecordSeal.Bytes);

    internal LogStoreCorruptException Corrupt(string? node, byte[] key, string reason, Exception? inner = null) => new(
        $"{description}: {(node is null ? "" : $"node {node}, ")}{RecordKey.Describe(key)} is damaged: {reason}. "
        + "Nothing was skipped or repaired. Let the silo start with an empty directory and its nodes join again.",
        inner);
}
