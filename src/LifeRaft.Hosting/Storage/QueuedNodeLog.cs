using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>A claimed log whose writes go through the queue of its <see cref="GroupCommitLogStore"/>.</summary>
public abstract class QueuedNodeLog : INodeLog
{
    private readonly GroupCommitLogStore _store;

    // Touched by the caller, who is one thread at a time.
    private LogIndex _lastHandedOver;

    // Touched by the store's writer.
    internal bool IsListed { get; set; }

    /// <summary>Makes the handle that a claim returns.</summary>
    protected QueuedNodeLog(GroupCommitLogStore store, NodeClaim claim, RestoredNode restored)
    {
        _store = store;
        Claim = claim;
        Restored = restored;
        _lastHandedOver = restored.Last;
    }

    /// <inheritdoc/>
    public string Node => Claim.Node;

    /// <inheritdoc/>
    public long Epoch => Claim.Epoch;

    /// <inheritdoc/>
    public RestoredNode Restored { get; }

    /// <summary>The right to write.</summary>
    internal NodeClaim Claim { get; }

    /// <inheritdoc/>
    public void Write(LogWrite write, ILogWriteCompletion completion)
    {
        ArgumentNullException.ThrowIfNull(write);
        ArgumentNullException.ThrowIfNull(completion);
        var bytes = BytesOfConsecutive(write.Entries);
        _store.Queue(new NodeWrite(_store, this, write, bytes, completion));
        if (write.Entries.Count > 0)
        {
            _lastHandedOver = write.Entries[^1].Index;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<LogEntry>> Read(LogIndex first, LogIndex last, long maxBytes, CancellationToken cancellationToken)
    {
        if (first < LogIndex.First || last < first)
        {
            throw new ArgumentOutOfRangeException(nameof(first), $"Node {Node}: entries {first} to {last} are no range.");
        }

        _store.ThrowIfStopped();
        return ReadStored(first, last, maxBytes, cancellationToken);
    }

    /// <inheritdoc/>
    public Task Delete(GroupId? deletedGroup, CancellationToken cancellationToken)
    {
        var deletion = new NodeDeletion(_store, this, deletedGroup);
        _store.Queue(deletion);
        return deletion.Done.WaitAsync(cancellationToken);
    }

    /// <summary>Does <see cref="Read"/>; the range is not empty.</summary>
    protected abstract Task<IReadOnlyList<LogEntry>> ReadStored(
        LogIndex first, LogIndex last, long maxBytes, CancellationToken cancellationToken);

    private long BytesOfConsecutive(IReadOnlyList<LogEntry> entries)
    {
        if (entries.Count == 0)
        {
            return 0;
        }

        var first = entries[0].Index;
        if (first > _lastHandedOver + 1)
        {
            throw new ArgumentException($"Node {Node}: entry {first} would leave a gap, the last one is {_lastHandedOver}.", nameof(entries));
        }

        var bytes = 0L;
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].Index != first + i)
            {
                throw new ArgumentException($"Node {Node}: entry {entries[i].Index} is where {first + i} belongs.", nameof(entries));
            }

            bytes += entries[i].Encoded.Length;
        }

        return bytes;
    }
}
