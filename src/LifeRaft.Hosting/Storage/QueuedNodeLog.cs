using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>A claimed log whose writes go through the queue of its <see cref="GroupCommitLogStore"/>.</summary>
public abstract class QueuedNodeLog : INodeLog
{
    private readonly GroupCommitLogStore _store;

    // Touched by the caller, who is one thread at a time.
    private LogIndex _lastHandedOver;
    private LogIndex _base;

    // Touched by the store's writer.
    internal bool IsListed { get; set; }

    /// <summary>Makes the handle that a claim returns.</summary>
    protected QueuedNodeLog(GroupCommitLogStore store, NodeClaim claim, RestoredNode restored)
    {
        _store = store;
        Claim = claim;
        Restored = restored;
        (_base, _lastHandedOver) = (restored.Base.Index, restored.Last);
    }

    /// <inheritdoc/>
    public string Node => Claim.Node;

    /// <inheritdoc/>
    public long Epoch => Claim.Epoch;

    /// <inheritdoc/>
    public RestoredNode Restored { get; }

    /// <summary>The right to write.</summary>
    internal NodeClaim Claim { get; }

    /// <summary>Why this handle may not write, or null when it may.</summary>
    protected ClaimLostException? ClaimLoss() => Claim.Loss();

    /// <inheritdoc/>
    public void Write(LogWrite write, ILogWriteCompletion completion)
    {
        ArgumentNullException.ThrowIfNull(write);
        ArgumentNullException.ThrowIfNull(completion);
        var (first, last) = write.Snapshot is { } snapshot ? LogBehind(snapshot) : (_base, _lastHandedOver);
        var bytes = BytesOfConsecutive(write.Entries, first, last);
        _store.Queue(new NodeWrite(_store, this, write, bytes, completion));
        (_base, _lastHandedOver) = (first, write.Entries.Count > 0 ? write.Entries[^1].Index : last);
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

    /// <inheritdoc/>
    public async Task<SnapshotContent> WriteSnapshot(LogPosition position, Action<Stream> write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        _store.ThrowIfStopped();
        return await Task.Run(() => WriteContent(position, write), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task WriteSnapshotPart(SnapshotHeader snapshot, long offset, ReadOnlyMemory<byte> part, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        _store.ThrowIfStopped();
        await Task.Run(() => WritePart(snapshot, offset, part), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task ReadSnapshot(SnapshotHeader snapshot, Action<Stream> read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(read);
        _store.ThrowIfStopped();
        await Task.Run(() => ReadContent(snapshot, read), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> ReadSnapshotPart(SnapshotHeader snapshot, long offset, int maxBytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        _store.ThrowIfStopped();
        return await Task.Run(() => ReadPart(snapshot, offset, maxBytes), cancellationToken);
    }

    /// <summary>Does <see cref="WriteSnapshot"/>. Called on any thread, like the three below; those that write, one at a time.</summary>
    protected abstract SnapshotContent WriteContent(LogPosition position, Action<Stream> write);

    /// <summary>Does <see cref="WriteSnapshotPart"/>.</summary>
    protected abstract void WritePart(SnapshotHeader snapshot, long offset, ReadOnlyMemory<byte> part);

    /// <summary>Does <see cref="ReadSnapshot"/>.</summary>
    protected abstract void ReadContent(SnapshotHeader snapshot, Action<Stream> read);

    /// <summary>Does <see cref="ReadSnapshotPart"/>.</summary>
    protected abstract ReadOnlyMemory<byte> ReadPart(SnapshotHeader snapshot, long offset, int maxBytes);

    /// <summary>Does <see cref="Read"/>; the range is not empty.</summary>
    protected abstract Task<IReadOnlyList<LogEntry>> ReadStored(
        LogIndex first, LogIndex last, long maxBytes, CancellationToken cancellationToken);

    /// <summary>Base and last entry of the log once the snapshot is in force. A log that does not reach the snapshot could not be claimed again.</summary>
    private (LogIndex Base, LogIndex Last) LogBehind(SnapshotWrite snapshot)
    {
        var start = snapshot.Base.Index;
        var last = snapshot.ReplacesLog ? start : _lastHandedOver;
        return (start >= _base || snapshot.ReplacesLog) && start <= snapshot.Header.Index && snapshot.Header.Index <= last
            ? (start, last)
            : throw new ArgumentException(
                $"Node {Node}: with the {snapshot.Header} the log would go from {start} to {last}, but it goes from {_base} to {_lastHandedOver} and has to reach the snapshot.",
                nameof(snapshot));
    }

    private long BytesOfConsecutive(IReadOnlyList<LogEntry> entries, LogIndex start, LogIndex last)
    {
        if (entries.Count == 0)
        {
            return 0;
        }

        var first = entries[0].Index;
        if (first <= start)
        {
            throw new ArgumentException($"Node {Node}: entry {first} was compacted away, the log goes from {start} to {last}.", nameof(entries));
        }

        if (first > last + 1)
        {
            throw new ArgumentException($"Node {Node}: entry {first} would leave a gap, the last one is {last}.", nameof(entries));
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
