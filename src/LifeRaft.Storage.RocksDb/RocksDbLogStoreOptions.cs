namespace LifeRaft.Storage.RocksDb;

/// <summary>Where the log of a silo lies and how much memory it takes.</summary>
public sealed class RocksDbLogStoreOptions
{
    /// <summary>The directory of the database; created when it does not exist, and locked while it is open.</summary>
    /// <value>No default. A local disk: each acknowledged write waits for a sync of it.</value>
    public string Directory { get; set; } = "";

    /// <summary>Bytes that are collected in memory before they leave the write-ahead log for a table file.</summary>
    /// <value>
    /// At least 1 MiB; 64 MiB by default. Larger ones write less often and make a restart after a crash slower: it reads back up
    /// to <see cref="WriteBuffers"/> times this much.
    /// </value>
    public long WriteBufferBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>How many write buffers may exist. When all are full, writes wait for the device.</summary>
    /// <value>At least 2; 4 by default.</value>
    public int WriteBuffers { get; set; } = 4;

    /// <summary>What is wrong with these options, one sentence per rule that is broken.</summary>
    public IEnumerable<string> Problems()
    {
        if (string.IsNullOrWhiteSpace(Directory))
        {
            yield return $"{nameof(Directory)} must name the directory of the log store.";
        }

        if (WriteBufferBytes < 1024 * 1024)
        {
            yield return $"{nameof(WriteBufferBytes)} must be at least 1048576 (1 MiB), but is {WriteBufferBytes}.";
        }

        if (WriteBuffers < 2)
        {
            yield return $"{nameof(WriteBuffers)} must be at least 2, or every flush stops the writer, but is {WriteBuffers}.";
        }
    }
}
