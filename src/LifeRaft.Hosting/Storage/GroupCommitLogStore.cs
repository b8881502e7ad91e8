using System.Collections.Concurrent;
using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// A log store without the device: claims, the queue, the single writer and the rule that a failed write is the end. What
/// derives from it stages changes and commits them.
/// </summary>
/// <remarks>
/// <see cref="Stage"/>, <see cref="StageDeletion"/>, <see cref="StageTombstone"/> and <see cref="Commit"/> are called on the
/// writer's thread only. Whatever they throw stops the store.
/// </remarks>
public abstract class GroupCommitLogStore : IRaftLogStore
{
    private readonly ConcurrentDictionary<string, NodeClaim.Counter> _claims = new(StringComparer.Ordinal);
    private readonly NodeNames _nodes = new();
    private readonly ConcurrentDictionary<GroupId, bool> _deletedGroups = new();
    private readonly TaskCompletionSource<LogStoreStoppedException> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private GroupCommitWriter? _writer;
    private int _isClosed;

    /// <inheritdoc/>
    public abstract string Description { get; }

    /// <inheritdoc/>
    public abstract LogStoreCapabilities Capabilities { get; }

    /// <inheritdoc/>
    public long StartCount { get; private set; }

    /// <inheritdoc/>
    public Task<LogStoreStoppedException> Stopped => _stopped.Task;

    /// <summary>How long recent commits took, each of them one sync where the store survives a power cut.</summary>
    internal RecentDurations SyncDurations { get; } = new();

    /// <summary>How much waits for the writer.</summary>
    internal int Queued => _writer?.Queued ?? 0;

    /// <summary>Hears of each commit, on the writer's thread. Set before the store is opened.</summary>
    internal Action<CommittedBatch>? Committed { get; set; }

    private GroupCommitWriter Writer =>
        _writer ?? throw new InvalidOperationException($"{Description} is not open. Call {nameof(Open)} first, once.");

    /// <inheritdoc/>
    public async Task Open(CancellationToken cancellationToken)
    {
        if (_writer is not null || _isClosed != 0)
        {
            throw new InvalidOperationException($"{Description} was opened before. A store opens once.");
        }

        var opened = await Task.Run(OpenFiles, cancellationToken);
        StartCount = opened.StartCount;
        foreach (var node in opened.Nodes)
        {
            _nodes.Add(node);
        }

        foreach (var group in opened.DeletedGroups)
        {
            _deletedGroups[group] = true;
        }

        _writer = new GroupCommitWriter(Description, Commit, HasCommitted, _stopped);
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> ListNodes(string prefix = "") => _nodes.StartingWith(prefix);

    /// <inheritdoc/>
    public async Task<INodeLog> Claim(string node, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(node);
        Writer.ThrowIfStopped();
        var claim = _claims.GetOrAdd(node, static name => new NodeClaim.Counter(name)).Raise();

        // Older handles write nothing any more, except what the writer took before the epoch rose: the barrier is behind that.
        var barrier = new Barrier();
        Queue(barrier);
        await barrier.Done.WaitAsync(cancellationToken);
        return await Task.Run(() => Restore(claim), cancellationToken);
    }

    /// <inheritdoc/>
    public bool IsDeleted(GroupId group) => _deletedGroups.ContainsKey(group);

    /// <inheritdoc/>
    public Task MarkDeleted(GroupId group, CancellationToken cancellationToken)
    {
        Writer.ThrowIfStopped();
        if (IsDeleted(group))
        {
            return Task.CompletedTask;
        }

        var deletion = new GroupDeletion(this, group);
        Queue(deletion);
        return deletion.Done.WaitAsync(cancellationToken);
    }

    /// <summary>Commits what is waiting, then closes the files.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
        {
            return;
        }

        if (_writer is not null)
        {
            await _writer.DisposeAsync();
        }

        await CloseFiles();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens or creates the files and counts this start durably.</summary>
    protected abstract OpenedLogStore OpenFiles();

    /// <summary>Closes the files, once the last read has ended. Called once, after the writer has ended, also when nothing was opened.</summary>
    protected abstract ValueTask CloseFiles();

    /// <summary>Reads what is stored for a node. Nobody writes it meanwhile; other nodes are written.</summary>
    /// <exception cref="LogStoreCorruptException">The node's records are damaged.</exception>
    protected abstract QueuedNodeLog Restore(NodeClaim claim);

    /// <summary>Adds a write to the batch, behind what was staged before it.</summary>
    protected internal abstract void Stage(QueuedNodeLog log, LogWrite write);

    /// <summary>Adds the deletion of everything that is stored for the node.</summary>
    protected internal abstract void StageDeletion(QueuedNodeLog log);

    /// <summary>Adds the memory that a group was deleted.</summary>
    protected internal abstract void StageTombstone(GroupId group);

    /// <summary>A snapshot is in force, durably. Called on the writer's thread, and so only begins what takes time: older ones may go.</summary>
    protected internal virtual void SnapshotInForce(QueuedNodeLog log, SnapshotWrite snapshot)
    {
    }

    /// <summary>A node was deleted, durably; called as above.</summary>
    protected internal virtual void NodeDeleted(QueuedNodeLog log)
    {
    }

    /// <summary>Stops the store for good: something outside of the writer has failed, too. Nothing that failed is retried.</summary>
    protected LogStoreStoppedException StopBecause(string reason, Exception failure) => Writer.Stop(reason, failure);

    /// <summary>Makes what was staged durable, atomically and with one sync, and starts an empty batch.</summary>
    protected abstract void Commit();

    private void HasCommitted(CommittedBatch batch)
    {
        SyncDurations.Record(batch.Duration);
        Committed?.Invoke(batch);
    }

    internal void Queue(GroupCommitWork work) => Writer.Queue(work);

    internal void ThrowIfStopped() => Writer.ThrowIfStopped();

    internal void List(QueuedNodeLog log)
    {
        if (!log.IsListed)
        {
            _nodes.Add(log.Node);
            log.IsListed = true;
        }
    }

    internal void Unlist(QueuedNodeLog log)
    {
        _nodes.Remove(log.Node);
        NodeDeleted(log);
    }

    internal void RememberDeleted(GroupId group) => _deletedGroups[group] = true;
}

/// <summary>What was found when the files were opened.</summary>
/// <param name="StartCount">How many times the store has been opened, this time included.</param>
/// <param name="Nodes">The names of the nodes for which anything is stored.</param>
/// <param name="DeletedGroups">The groups that are remembered as deleted.</param>
public sealed record OpenedLogStore(long StartCount, IReadOnlyCollection<string> Nodes, IReadOnlyCollection<GroupId> DeletedGroups);
