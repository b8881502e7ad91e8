using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// The disk of one silo: it holds the logs of all Raft nodes of that silo. An implementation is complete when it passes
/// <c>LogStoreContract</c> with the capabilities that it declares.
/// </summary>
/// <remarks>
/// Writes of all nodes share one queue and one writer, which takes everything that is waiting and makes it durable with one
/// synchronous write. The first write that fails stops the store for good: what the device holds is unknown from then on, so
/// every later call fails with <see cref="LogStoreStoppedException"/> and nothing is retried.
/// </remarks>
public interface IRaftLogStore : IAsyncDisposable
{
    /// <summary>Kind and place, for logs and errors; for instance <c>rocksdb at /var/lib/liferaft</c>.</summary>
    string Description { get; }

    /// <summary>What this store promises.</summary>
    LogStoreCapabilities Capabilities { get; }

    /// <summary>How many times this store has been opened, this time included. Peers remember it: one that goes back is a restored image.</summary>
    long StartCount { get; }

    /// <summary>Completes when the store stopped because a write failed; the result says why. Never completes otherwise.</summary>
    Task<LogStoreStoppedException> Stopped { get; }

    /// <summary>Opens the files. Called once, before everything else. Disposing closes them, after what is queued has been written.</summary>
    /// <exception cref="LogStoreException">Another process holds the store, or its files are corrupt; the message names them.</exception>
    Task Open(CancellationToken cancellationToken);

    /// <summary>The names of the nodes for which anything is stored here, in no order.</summary>
    /// <param name="prefix">Only those that begin so, which a store of thousands of nodes had better find without looking at the others.</param>
    IReadOnlyCollection<string> ListNodes(string prefix = "");

    /// <summary>
    /// Claims a node: raises its epoch, waits until the write in flight has finished, and returns a handle on what is stored.
    /// From this moment every write through an older handle fails with <see cref="ClaimLostException"/> and changes nothing.
    /// </summary>
    /// <param name="node">Any non-empty name; an unknown one opens as a blank node, and nothing is stored for it yet.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="LogStoreCorruptException">The node's records are damaged; the message names node, record and reason.</exception>
    Task<INodeLog> Claim(string node, CancellationToken cancellationToken);

    /// <summary>Whether the group was deleted while a node of it was known here.</summary>
    bool IsDeleted(GroupId group);

    /// <summary>Remembers durably that a group was deleted; repeated calls change nothing.</summary>
    Task MarkDeleted(GroupId group, CancellationToken cancellationToken);
}

/// <summary>What a store promises; the conformance suite tests exactly that.</summary>
[Flags]
public enum LogStoreCapabilities
{
    /// <summary>Nothing outlives the object.</summary>
    None = 0,

    /// <summary>What was acknowledged is there after the store was closed, or its process killed, and opened again.</summary>
    SurvivesProcess = 1,

    /// <summary>What was acknowledged is there after a power cut: each acknowledgement follows a sync of the device.</summary>
    SurvivesPowerCut = 2,
}
