using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>The handle on one node's log in a store that keeps snapshots as files.</summary>
internal abstract class StoredNodeLog(GroupCommitLogStore store, SnapshotKeeper snapshots, NodeClaim claim, RestoredNode restored, long number)
    : QueuedNodeLog(store, claim, restored)
{
    private long _number = number;
    private SnapshotHeader? _inForce = restored.Snapshot;

    /// <summary>The node's number in the store; zero as long as nothing is stored. Set by the writer, read by readers.</summary>
    public long Number
    {
        get => Volatile.Read(ref _number);
        set => Volatile.Write(ref _number, value);
    }

    /// <summary>The snapshot in force. Set by the writer, read by readers.</summary>
    public SnapshotHeader? InForce
    {
        get => Volatile.Read(ref _inForce);
        set => Volatile.Write(ref _inForce, value);
    }

    /// <summary>Why this handle may not write, or null when it may.</summary>
    public ClaimLostException? Loss => ClaimLoss();

    /// <summary>The files of its snapshots. They lie under the node's number, which it gets with its first write.</summary>
    public SnapshotFiles Snapshots => snapshots.Of(Number, Epoch);

    protected override SnapshotContent WriteContent(LogPosition position, Action<Stream> write)
    {
        try
        {
            return snapshots.Write(this, files => files.Write(position, write));
        }
        catch (Exception failure) when (failure is not LogStoreException)
        {
            Snapshots.GiveUp(position); // The state machine's own failure: the store goes on.
            throw;
        }
    }

    protected override void WritePart(SnapshotHeader snapshot, long offset, ReadOnlyMemory<byte> part) => snapshots.Write(this, files =>
    {
        files.WritePart(snapshot, offset, part.Span);
        return true;
    });

    protected override void ReadContent(SnapshotHeader snapshot, Action<Stream> read) => Snapshots.Read(snapshot, read);

    protected override ReadOnlyMemory<byte> ReadPart(SnapshotHeader snapshot, long offset, int maxBytes) =>
        Snapshots.ReadPart(snapshot, offset, maxBytes, InForce);
}
