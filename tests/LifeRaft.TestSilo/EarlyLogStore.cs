using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.TestSilo;

/// <summary>
/// A planted fault: a store that says "durable" at once and hands entries to the real store only when others have come after them. It loses
/// what a process loses that is killed. Term and vote are not held back, so nothing but the durability of entries is broken.
/// </summary>
internal sealed class EarlyLogStore(IRaftLogStore real) : IRaftLogStore
{
    public string Description => $"{real.Description}, acknowledged too early";

    public LogStoreCapabilities Capabilities => LogStoreCapabilities.None;

    public long StartCount => real.StartCount;

    public Task<LogStoreStoppedException> Stopped => real.Stopped;

    public Task Open(CancellationToken cancellationToken) => real.Open(cancellationToken);

    public IReadOnlyCollection<string> ListNodes(string prefix = "") => real.ListNodes(prefix);

    public async Task<INodeLog> Claim(string node, CancellationToken cancellationToken) => new EarlyNodeLog(await real.Claim(node, cancellationToken));

    public bool IsDeleted(GroupId group) => real.IsDeleted(group);

    public Task MarkDeleted(GroupId group, CancellationToken cancellationToken) => real.MarkDeleted(group, cancellationToken);

    public ValueTask DisposeAsync() => real.DisposeAsync();

    private sealed class EarlyNodeLog(INodeLog log) : INodeLog
    {
        // Enough that an election after the last write, and what it writes, does not push out all that matters.
        private const int Held = 32;

        private readonly Queue<LogWrite> _held = new();
        private Task _written = Task.CompletedTask;
        private Task _answered = Task.CompletedTask;

        public string Node => log.Node;

        public long Epoch => log.Epoch;

        public RestoredNode Restored => log.Restored;

        public void Write(LogWrite write, ILogWriteCompletion completion)
        {
            if (write.Entries.Count == 0 || write.Identity is not null || write.Snapshot is not null)
            {
                HandOver(keep: write.Snapshot is null ? Held : 0);
                log.Write(write, completion);
                return;
            }

            _held.Enqueue(write);
            HandOver(keep: Held);
            _answered = _answered.ContinueWith(_ => completion.Completed(write, failure: null), TaskScheduler.Default);
        }

        /// <summary>What was called durable can be read, as long as the process lives.</summary>
        public async Task<IReadOnlyList<LogEntry>> Read(LogIndex first, LogIndex last, long maxBytes, CancellationToken cancellationToken)
        {
            HandOver(keep: 0);
            await _written;
            return await log.Read(first, last, maxBytes, cancellationToken);
        }

        public Task<SnapshotContent> WriteSnapshot(LogPosition position, Action<Stream> write, CancellationToken cancellationToken) =>
            log.WriteSnapshot(position, write, cancellationToken);

        public Task WriteSnapshotPart(SnapshotHeader snapshot, long offset, ReadOnlyMemory<byte> part, CancellationToken cancellationToken) =>
            log.WriteSnapshotPart(snapshot, offset, part, cancellationToken);

        public Task ReadSnapshot(SnapshotHeader snapshot, Action<Stream> read, CancellationToken cancellationToken) =>
            log.ReadSnapshot(snapshot, read, cancellationToken);

        public Task<ReadOnlyMemory<byte>> ReadSnapshotPart(SnapshotHeader snapshot, long offset, int maxBytes, CancellationToken cancellationToken) =>
            log.ReadSnapshotPart(snapshot, offset, maxBytes, cancellationToken);

        public Task Delete(GroupId? deletedGroup, CancellationToken cancellationToken) => log.Delete(deletedGroup, cancellationToken);

        private void HandOver(int keep)
        {
            while (_held.Count > keep)
            {
                var written = new Written();
                log.Write(_held.Dequeue(), written);
                _written = written.Task;
            }
        }
    }

    private sealed class Written : ILogWriteCompletion
    {
        private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task => _written.Task;

        public void Completed(LogWrite write, LogStoreException? failure) => _written.SetResult();
    }
}
