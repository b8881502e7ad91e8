using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.TestSilo;

/// <summary>
/// A planted fault: a store that says "durable" at once and hands entries to the real store only when the next ones come. It loses
/// what a process loses that is killed. Term and vote are not held back, so nothing but the durability of entries is broken.
/// </summary>
internal sealed class EarlyLogStore(IRaftLogStore real) : IRaftLogStore
{
    public string Description => $"{real.Description}, acknowledged too early";

    public LogStoreCapabilities Capabilities => LogStoreCapabilities.None;

    public long StartCount => real.StartCount;

    public Task<LogStoreStoppedException> Stopped => real.Stopped;

    public Task Open(CancellationToken cancellationToken) => real.Open(cancellationToken);

    public IReadOnlyCollection<string> ListNodes() => real.ListNodes();

    public async Task<INodeLog> Claim(string node, CancellationToken cancellationToken) => new EarlyNodeLog(await real.Claim(node, cancellationToken));

    public bool IsDeleted(GroupId group) => real.IsDeleted(group);

    public Task MarkDeleted(GroupId group, CancellationToken cancellationToken) => real.MarkDeleted(group, cancellationToken);

    public ValueTask DisposeAsync() => real.DisposeAsync();

    private sealed class EarlyNodeLog(INodeLog log) : INodeLog
    {
        private LogWrite? _held;

        public string Node => log.Node;

        public long Epoch => log.Epoch;

        public RestoredNode Restored => log.Restored;

        public void Write(LogWrite write, ILogWriteCompletion completion)
        {
            if (write.Entries.Count == 0 || write.Identity is not null)
            {
                log.Write(write, completion);
                return;
            }

            if (_held is { } held)
            {
                log.Write(held, Nobody.Listens);
            }

            _held = write;
            ThreadPool.QueueUserWorkItem(_ => completion.Completed(write, failure: null));
        }

        public Task<IReadOnlyList<LogEntry>> Read(LogIndex first, LogIndex last, long maxBytes, CancellationToken cancellationToken) =>
            log.Read(first, last, maxBytes, cancellationToken);

        public Task Delete(GroupId? deletedGroup, CancellationToken cancellationToken) => log.Delete(deletedGroup, cancellationToken);
    }

    private sealed class Nobody : ILogWriteCompletion
    {
        public static readonly Nobody Listens = new();

        public void Completed(LogWrite write, LogStoreException? failure)
        {
        }
    }
}
