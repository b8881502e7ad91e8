using LifeRaft.Protocol;

namespace LifeRaft.Hosting.Tests;

/// <summary>The disk's part in snapshots: whatever the pump begins waits until the test completes it.</summary>
internal sealed partial class PumpBench
{
    private readonly MemorySnapshots _contents = new();
    private readonly Queue<Action> _snapshotWork = new();

    /// <summary>The snapshots that came into force, in order.</summary>
    public List<SnapshotWrite> InForce { get; } = [];

    /// <summary>Makes the machine into which a leader's snapshot is loaded.</summary>
    public Func<IStateMachine> NewMachine { get; set; } = () => new CountingMachine();

    public List<Exception> SnapshotFailures { get; } = [];

    public int SnapshotWorkWaiting => _snapshotWork.Count;

    /// <summary>Completes what was begun with snapshots, and what follows from it.</summary>
    public void CompleteSnapshotWork()
    {
        Run();
        while (_snapshotWork.TryDequeue(out var work))
        {
            work();
            Run();
        }
    }

    Task<SnapshotContent> INodeLog.WriteSnapshot(LogPosition position, Action<Stream> write, CancellationToken cancellationToken) =>
        Later(() => _contents.Write(position, write));

    Task INodeLog.WriteSnapshotPart(SnapshotHeader snapshot, long offset, ReadOnlyMemory<byte> part, CancellationToken cancellationToken) =>
        Later(() =>
        {
            _contents.WritePart(snapshot, offset, part.Span);
            return true;
        });

    Task INodeLog.ReadSnapshot(SnapshotHeader snapshot, Action<Stream> read, CancellationToken cancellationToken) =>
        Later(() =>
        {
            _contents.Read(snapshot, read);
            return true;
        });

    Task<ReadOnlyMemory<byte>> INodeLog.ReadSnapshotPart(SnapshotHeader snapshot, long offset, int maxBytes, CancellationToken cancellationToken) =>
        Later(() => _contents.ReadPart(snapshot, offset, maxBytes));

    void INodeObserver.ElapseFailed(Exception failure) => ElapseFailures.Add(failure);

    void INodeObserver.SnapshotFailed(Exception failure) => SnapshotFailures.Add(failure);

    private Task<T> Later<T>(Func<T> work)
    {
        // Continuations run inline: the test's thread is the only one.
        var done = new TaskCompletionSource<T>();
        _snapshotWork.Enqueue(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        });
        return done.Task;
    }
}
