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
    /// <exception cref="ArgumentException">The entries are not consecutive, or leave a gap after those written before; nothing was queued.</exception>
    void Write(LogWrite write, ILogWriteCompletion completion);

    /// <summary>
    /// Reads durable entries in order from <paramref name="first"/> up to and including <paramref name="last"/>, at least one, and
    /// then as many as fit in <paramref name="maxBytes"/> of <see cref="LogEntry.Encoded"/>.
    /// </summary>
    /// <exception cref="LogStoreCorruptException">An entry of the range is missing or damaged; the message names it.</exception>
    Task<IReadOnlyList<LogEntry>> Read(LogIndex first, LogIndex last, long maxBytes, CancellationToken cancellationToken);

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
public sealed record LogWrite(NodeIdentity? Identity, HardState? HardState, IReadOnlyList<LogEntry> Entries);
