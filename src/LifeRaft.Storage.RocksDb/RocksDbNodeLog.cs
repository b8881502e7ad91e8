using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Storage.RocksDb;

/// <summary>The handle on one node's log.</summary>
internal sealed class RocksDbNodeLog(RocksDbLogStore store, NodeClaim claim, RestoredNode restored, long number)
    : QueuedNodeLog(store, claim, restored)
{
    private long _number = number;

    /// <summary>The node's number in the keys; zero as long as nothing is stored. Set by the writer, read by readers.</summary>
    internal long Number
    {
        get => Volatile.Read(ref _number);
        set => Volatile.Write(ref _number, value);
    }

    /// <summary>Touched by the writer only.</summary>
    internal NodeTail Tail { get; } =
        new(restored.Last, [.. restored.TermStarts], [.. restored.Configurations.Select(entry => entry.Index)]);

    protected override Task<IReadOnlyList<LogEntry>> ReadStored(
        LogIndex first, LogIndex last, long maxBytes, CancellationToken cancellationToken) =>
        store.ReadEntries(this, first, last, maxBytes, cancellationToken);
}
