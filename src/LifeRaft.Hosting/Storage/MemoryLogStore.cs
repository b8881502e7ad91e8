using System.Collections.Concurrent;
using LifeRaft.Protocol;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

/// <summary>
/// A log store that forgets everything when it is closed or its process ends; for tests and demos. A node of it that restarts
/// is a blank node, and has to be admitted anew.
/// </summary>
public sealed partial class MemoryLogStore(ILogger<MemoryLogStore> logger) : GroupCommitLogStore
{
    private readonly ConcurrentDictionary<string, MemoryNode> _stored = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string Description => "the log store in memory";

    /// <inheritdoc/>
    public override LogStoreCapabilities Capabilities => LogStoreCapabilities.None;

    /// <inheritdoc/>
    protected override OpenedLogStore OpenFiles()
    {
        LogNothingSurvives(logger);
        return new OpenedLogStore(StartCount: 1, [], []);
    }

    /// <inheritdoc/>
    protected override ValueTask CloseFiles()
    {
        _stored.Clear();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override QueuedNodeLog Restore(NodeClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        var node = _stored.GetOrAdd(claim.Node, static _ => new MemoryNode());
        return new MemoryNodeLog(this, claim, node);
    }

    /// <inheritdoc/>
    protected internal override void Stage(QueuedNodeLog log, LogWrite write) => ((MemoryNodeLog)log).Stored.Apply(write);

    /// <inheritdoc/>
    protected internal override void StageDeletion(QueuedNodeLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        _stored.TryRemove(log.Node, out _);
    }

    /// <inheritdoc/>
    protected internal override void StageTombstone(GroupId group)
    {
        // The base remembers it, and nothing here outlives the base.
    }

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
