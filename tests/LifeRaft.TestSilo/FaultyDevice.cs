using LifeRaft.Storage.RocksDb;
using RocksDbSharp;

namespace LifeRaft.TestSilo;

/// <summary>A disk on which writes can be made to fail. The store stops at the first failure, so nothing makes it work again.</summary>
internal sealed class FaultyDevice : RocksDbDevice
{
    /// <summary>Nothing is written any more. For where the disk cannot be made full in earnest.</summary>
    public bool IsFull { get; set; }

    /// <summary>What is written may be there after a restart or not, and the writer is told that its sync failed.</summary>
    public bool LosesSyncs { get; set; }

    internal override void Write(RocksDb database, WriteBatch batch, WriteOptions options)
    {
        if (IsFull)
        {
            throw new IOException("No space left on device: the disk was made to fail.");
        }

        base.Write(database, batch, options);
        if (LosesSyncs)
        {
            throw new IOException("Input/output error: the sync was made to fail.");
        }
    }
}
