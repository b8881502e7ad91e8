using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Storage.RocksDb;

/// <summary>The handle on one node's log.</summary>
internal sealed class RocksDbNodeLog(RocksDbLogStore store, SnapshotKeeper snapshots, NodeClaim claim, RestoredNode restored, long number)
    : StoredNodeLog(store, snapshots, claim, restored, number)
{
    /// <summary>Touched by the writer only.</summary>
    internal NodeTail Tail { get; } = new(restored);

    protected override Task<IReadOnlyList<LogEntry>> ReadStored(
        LogIndex first, LogIndex last, long maxBytes, CancellationToken cancellationToken) =>
        store.ReadEntries(this, first, last, maxBytes, cancellationToken);
}
