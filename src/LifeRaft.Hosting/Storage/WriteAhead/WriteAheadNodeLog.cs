using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>The handle on one node's log.</summary>
internal sealed class WriteAheadNodeLog(WriteAheadLogStore store, SnapshotKeeper snapshots, NodeClaim claim, RestoredNode restored, NodeIndex? index)
    : StoredNodeLog(store, snapshots, claim, restored, index?.Number ?? 0)
{
    private NodeIndex? _index = index;

    /// <summary>What is stored of it; null as long as nothing is. Set by the writer, read by readers.</summary>
    public NodeIndex? Index
    {
        get => Volatile.Read(ref _index);
        set => Volatile.Write(ref _index, value);
    }

    protected override Task<IReadOnlyList<LogEntry>> ReadStored(
        LogIndex first, LogIndex last, long maxBytes, CancellationToken cancellationToken) =>
        store.ReadEntries(this, first, last, maxBytes, cancellationToken);
}
