using LifeRaft.Protocol;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

/// <summary>
/// A log store that forgets everything when it is closed or its process ends; for tests and demos. A node of it that restarts
/// is a blank node, and has to be admitted anew.
/// </summary>
public sealed partial class MemoryLogStore : GroupCommitLogStore
{
    private readonly ILogger<MemoryLogStore> _logger;
    private readonly MemoryDisk _disk;
    private readonly bool _outlivesThis;

    /// <summary>A store that begins empty.</summary>
    /// <param name="logger">Where it says that nothing survives.</param>
    public MemoryLogStore(ILogger<MemoryLogStore> logger)
        : this(logger, new MemoryDisk(), outlivesThis: false)
    {
    }

    private MemoryLogStore(ILogger<MemoryLogStore> logger, MemoryDisk disk, bool outlivesThis) =>
        (_logger, _disk, _outlivesThis) = (logger, disk, outlivesThis);

    /// <summary>A store that finds on the disk what the one before it has left there, as a silo does that restarts within one process.</summary>
    internal static MemoryLogStore On(MemoryDisk disk, ILogger<MemoryLogStore> logger) => new(logger, disk, outlivesThis: true);

    /// <inheritdoc/>
    public override string Description => "the log store in memory";

    /// <inheritdoc/>
    public override LogStoreCapabilities Capabilities => LogStoreCapabilities.None;

    /// <inheritdoc/>
    protected override OpenedLogStore OpenFiles()
    {
        if (!_outlivesThis)
        {
            LogNothingSurvives(_logger);
        }

        return new OpenedLogStore(++_disk.Starts, [.. _disk.Nodes.Keys], [.. _disk.DeletedGroups]);
    }

    /// <inheritdoc/>
    protected override ValueTask CloseFiles()
    {
        if (!_outlivesThis)
        {
            _disk.Nodes.Clear();
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override QueuedNodeLog Restore(NodeClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        var node = _disk.Nodes.GetOrAdd(claim.Node, static _ => new MemoryNode());
        return new MemoryNodeLog(this, claim, node);
    }

    /// <inheritdoc/>
    protected internal override void Stage(QueuedNodeLog log, LogWrite write) => ((MemoryNodeLog)log).Stored.Apply(write);

    /// <inheritdoc/>
    protected internal override void StageDeletion(QueuedNodeLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        _disk.Nodes.TryRemove(log.Node, out _);
    }

    /// <inheritdoc/>
    protected internal override void StageTombstone(GroupId group) => _disk.DeletedGroups.Add(group);

    /// <inheritdoc/>
    protected override void Commit()
    {
        // Staging was all there is to do: memory knows no sync.
    }

    private sealed class MemoryNodeLog(GroupCommitLogStore store, NodeClaim claim, MemoryNode stored)
        : QueuedNodeLog(store, claim, stored.Restore())
    {
        internal MemoryNode Stored => stored;

        protected override Task<IReadOnlyList<LogEntry>> ReadStored(
            LogIndex first, LogIndex last, long maxBytes, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Task.FromResult(stored.Read(Node, first, last, maxBytes));
        }

        protected override SnapshotContent WriteContent(LogPosition position, Action<Stream> write) => stored.Snapshots.Write(position, write, Claim);

        protected override void WritePart(SnapshotHeader snapshot, long offset, ReadOnlyMemory<byte> part) => stored.Snapshots.WritePart(snapshot, offset, part.Span, Claim);

        protected override void ReadContent(SnapshotHeader snapshot, Action<Stream> read) => stored.Snapshots.Read(snapshot, read);

        protected override ReadOnlyMemory<byte> ReadPart(SnapshotHeader snapshot, long offset, int maxBytes) => stored.Snapshots.ReadPart(snapshot, offset, maxBytes);
    }
}
