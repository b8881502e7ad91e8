using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Storage.RocksDb;

/// <summary>The handle on one node's log.</summary>
internal sealed class RocksDbNodeLog(RocksDbLogStore store, NodeClaim claim, RestoredNode restored, long number)
    : QueuedNodeLog(store, claim, restored)
{
    private long _number = number;
    private SnapshotHeader? _inForce = restored.Snapshot;

    /// <summary>The node's number in the keys; zero as long as nothing is stored. Set by the writer, read by readers.</summary>
    internal long Number
    {
        get => Volatile.Read(ref _number);
        set => Volatile.Write(ref _number, value);
    }

    /// <summary>Touched by the writer only.</summary>
    internal NodeTail Tail { get; } = new(restored);

    /// <summary>The snapshot in force. Set by the writer, read by readers.</summary>
    internal SnapshotHeader? InForce
    {
        get => Volatile.Read(ref _inForce);
        set => Volatile.Write(ref _inForce, value);
    }

    /// <summary>Why this handle may not write, or null when it may.</summary>
    internal ClaimLostException? Loss => ClaimLoss();

    /// <summary>The files of its snapshots. They lie under the node's number, which it gets with its first write.</summary>
    internal SnapshotFiles Snapshots => store.SnapshotsOf(Number, Epoch);

    protected override Task<IReadOnlyList<LogEntry>> ReadStored(
        LogIndex first, LogIndex last, long maxBytes, CancellationToken cancellationToken) =>
        store.ReadEntries(this, first, last, maxBytes, cancellationToken);

    protected override SnapshotContent WriteContent(LogPosition position, Action<Stream> write)
    {
        try
        {
            return store.WriteFiles(this, files => files.Write(position, write));
        }
        catch (Exception failure) when (failure is not LogStoreException)
        {
            Snapshots.GiveUp(position); // The state machine's own failure: the store goes on.
            throw;
        }
    }

    protected override void WritePart(SnapshotHeader snapshot, long offset, ReadOnlyMemory<byte> part) => store.WriteFiles(this, files =>
    {
        files.WritePart(snapshot, offset, part.Span);
        return true;
    });

    protected override void ReadContent(SnapshotHeader snapshot, Action<Stream> read) => Snapshots.Read(snapshot, read);

    protected override ReadOnlyMemory<byte> ReadPart(SnapshotHeader snapshot, long offset, int maxBytes) =>
        Snapshots.ReadPart(snapshot, offset, maxBytes, InForce);
}
