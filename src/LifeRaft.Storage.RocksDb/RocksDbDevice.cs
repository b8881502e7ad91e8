using RocksDbSharp;

namespace LifeRaft.Storage.RocksDb;

/// <summary>
/// How the store reaches RocksDB. Production uses it as it is; tests derive from it to count syncs, leave them out, or fail.
/// </summary>
internal class RocksDbDevice
{
    /// <summary>The options of the database.</summary>
    /// <remarks>
    /// <para>
    /// Point-in-time recovery: a record that was being written when the machine stopped was never acknowledged, and must not keep
    /// the store from opening; absolute consistency would refuse it. What point-in-time recovery alone gets wrong is damage before
    /// good records, at which it would stop and drop them; <see cref="WalInspection"/> refuses that before RocksDB sees it.
    /// </para>
    /// <para>
    /// Log files are never recycled: in a recycled one the remains of older records follow the last good one, and look like it.
    /// RocksDB notes closed log files in its manifest, so that one that is missing or shorter is noticed.
    /// </para>
    /// <para>Nothing is compressed: a log is written once, read little, and its owner's payloads are often compressed already.</para>
    /// </remarks>
    internal virtual DbOptions OptionsOf(RocksDbLogStoreOptions options)
    {
        var database = new DbOptions()
            .SetCreateIfMissing(true)
            .SetParanoidChecks(true)
            .SetWalRecoveryMode(Recovery.PointInTime)
            .SetRecycleLogFileNum(0)
            .SetWriteBufferSize((ulong)options.WriteBufferBytes)
            .SetMaxWriteBufferNumber(options.WriteBuffers)
            .SetCompression(Compression.No)
            .SetInfoLogLevel(InfoLogLevel.Warn)
            .SetMaxLogFileSize(16 * 1024 * 1024)
            .SetKeepLogFileNum(4);
        Native.Instance.rocksdb_options_set_track_and_verify_wals_in_manifest(database.Handle, 1);
        return database;
    }

    /// <summary>Every write is synced before it returns.</summary>
    internal virtual WriteOptions WriteOptions() => new WriteOptions().SetSync(true);

    /// <summary>Rewrites the files of a range, so that what was deleted in it takes no room.</summary>
    internal virtual void Compact(RocksDbSharp.RocksDb database, byte[] from, byte[] to) => database.CompactRange(from, to);

    /// <summary>Makes the batch durable, or throws.</summary>
    internal virtual void Write(RocksDbSharp.RocksDb database, WriteBatch batch, WriteOptions options) => database.Write(batch, options);
}
