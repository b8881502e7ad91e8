using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>The log of one node, claimed by one pump. Its methods are called from one thread at a time.</summary>
public interface INodeLog
{
    /// <summary>The node's name in the store.</summary>
    string Node { get; }

    /// <summary>Rises with every claim of this node. The holder of the highest one writes.</summary>
    long Epoch { get; }

    /// <summary>What was stored at the moment of the claim.</summary>
    RestoredNode Restored { get; }

    /// <summary>
    /// Hands over a write; it returns at once. The writes of one node are made durable in the order of these calls, each one
    /// atomically, and <paramref name="completion"/> hears of each exactly once, on any thread, never before the sync.
    /// Until then the write and its list of entries must not be changed.
    /// </summary>
    /// <exception cref="LogStoreStoppedException">The store has stopped or was closed; nothing was queued.</exception>
    /// <exception cref="ArgumentException">
    /// The entries are not consecutive, leave a gap after those written before, or were compacted away; or the base is not one between the
    /// log's and the snapshot. Nothing was queued.
    /// </exception>
    void Write(LogWrite write, ILogWriteCompletion completion);

    /// <summary>
    /// Reads durable entries in order from <paramref name="first"/> up to and including <paramref name="last"/>, at least one, and
    /// then as many as fit in <paramref name="maxBytes"/> of <see cref="LogEntry.Encoded"/>.
    /// </summary>
    /// <exception cref="LogStoreCorruptException">An entry of the range is missing or damaged; the message names it.</exception>
    Task<IReadOnlyList<LogEntry>> Read(LogIndex first, LogIndex last, long maxBytes, CancellationToken cancellationToken);

    /// <summary>
    /// Lets <paramref name="write"/> write the content of a new snapshot, on another thread, and completes when it is durable. It is in
    /// force only once a <see cref="LogWrite.Snapshot"/> names it; until then a crash, or another claim, drops it. What
    /// <paramref name="write"/> throws reaches the caller, itself or within another exception, and harms nothing.
    /// </summary>
    /// <exception cref="ClaimLostException">The node was claimed again.</exception>
    /// <exception cref="LogStoreStoppedException">The store has stopped, or the device failed: then the whole store stops.</exception>
    Task<SnapshotContent> WriteSnapshot(LogPosition position, Action<Stream> write, CancellationToken cancellationToken);

    /// <summary>
    /// Writes one part of a snapshot that another member sends. Parts of one snapshot come in order and without gaps; offset zero starts
    /// anew and drops what was received of it or of another. The last part completes when the whole content is durable and was compared
    /// with length and checksum; the snapshot is in force only once a <see cref="LogWrite.Snapshot"/> names it.
    /// </summary>
    /// <exception cref="SnapshotDamagedException">The content is not what the header says; it was dropped.</exception>
    /// <exception cref="ClaimLostException">The node was claimed again.</exception>
    /// <exception cref="LogStoreException">The part does not begin where the one before ended. Begin anew.</exception>
    /// <exception cref="LogStoreStoppedException">The store has stopped, or the device failed: then the whole store stops.</exception>
    Task WriteSnapshotPart(SnapshotHeader snapshot, long offset, ReadOnlyMemory<byte> part, CancellationToken cancellationToken);

    /// <summary>
    /// Lets <paramref name="read"/> read a complete snapshot, on another thread. The content is compared with the header to its end,
    /// however far it was read; what <paramref name="read"/> made of it counts only when the task succeeds.
    /// </summary>
    /// <exception cref="LogStoreCorruptException">The content is missing, cannot be read, or is not what the header says.</exception>
    Task ReadSnapshot(SnapshotHeader snapshot, Action<Stream> read, CancellationToken cancellationToken);

    /// <summary>
    /// Reads a part of a complete snapshot, to be sent: <paramref name="maxBytes"/> from the offset on, fewer only at its end.
    /// </summary>
    /// <exception cref="SnapshotGoneException">Another snapshot is in force, and this one was deleted.</exception>
    /// <exception cref="LogStoreCorruptException">The snapshot should be there, and is missing, too short, or cannot be read.</exception>
    Task<ReadOnlyMemory<byte>> ReadSnapshotPart(SnapshotHeader snapshot, long offset, int maxBytes, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes everything that is stored for this node, durably, and remembers durably that <paramref name="deletedGroup"/> was
    /// deleted when one is given. Writes that were handed over before it come first; the handle is of no use afterwards. Cancelling
    /// gives up waiting, the deletion may still happen.
    /// </summary>
    /// <exception cref="ClaimLostException">The node was claimed again; nothing was deleted.</exception>
    Task Delete(GroupId? deletedGroup, CancellationToken cancellationToken);
}

/// <summary>Hears that a write is durable, or why it is not.</summary>
public interface ILogWriteCompletion
{
    /// <summary>Called once for each write. Must return quickly and must not throw: it runs on the store's writer.</summary>
    /// <param name="write">The write that was handed over.</param>
    /// <param name="failure">Null when the write is durable.</param>
    void Completed(LogWrite write, LogStoreException? failure);
}

/// <summary>One atomic change of what is stored for a node.</summary>
/// <param name="Identity">Who the node is from now on; null leaves it.</param>
/// <param name="HardState">Term and vote from now on; null leaves them.</param>
/// <param name="Entries">
/// Consecutive entries. They replace everything that is stored from the index of the first one on; an empty list changes nothing.
/// </param>
public sealed record LogWrite(NodeIdentity? Identity, HardState? HardState, IReadOnlyList<LogEntry> Entries)
{
    /// <summary>A snapshot that is in force from now on, and how the log shrinks for it; null changes nothing. It comes before the entries.</summary>
    public SnapshotWrite? Snapshot { get; init; }
}

/// <summary>What was written as the content of a snapshot.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Checksum">Its XXH64.</param>
public readonly record struct SnapshotContent(long Bytes, ulong Checksum);
