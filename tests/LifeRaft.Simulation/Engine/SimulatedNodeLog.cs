using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>One claim of a node's log. It remembers what was handed over, for the judges.</summary>
internal sealed class SimulatedNodeLog(SimulatedDisk disk, Activation activation, long epoch, RestoredNode restored) : INodeLog
{
    // From the first entry on: what was compacted away is known to be committed.
    private readonly List<LogEntry> _handedOver = [.. activation.World.Judges.Committed.FirstEntries(disk.Base.Index), .. disk.Entries];

    public string Node => activation.Host.Endpoint;

    public long Epoch => epoch;

    public RestoredNode Restored => restored;

    /// <summary>The log as the node has it, as far as it was handed over to be stored.</summary>
    public IReadOnlyList<LogEntry> HandedOver => _handedOver;

    /// <summary>The snapshot of a leader that took the place of the log last.</summary>
    public SnapshotHeader? Installed { get; private set; }

    public void Write(LogWrite write, ILogWriteCompletion completion)
    {
        if (!activation.Reaches())
        {
            return;
        }

        if (write.Snapshot is { ReplacesLog: true } snapshot)
        {
            Installed = snapshot.Header;
            activation.World.Judges.Replaced(activation, _handedOver, snapshot.Header);
            _handedOver.Clear();
            _handedOver.AddRange(activation.World.Judges.Committed.FirstEntries(snapshot.Header.Index));
        }

        if (write.Entries.Count > 0)
        {
            activation.World.Judges.Written(activation, _handedOver, write.Entries);
            var kept = (int)(write.Entries[0].Index.Value - 1);
            _handedOver.RemoveRange(kept, _handedOver.Count - kept);
            _handedOver.AddRange(write.Entries);
        }

        disk.Queue(this, write, completion);
    }

    public Task<IReadOnlyList<LogEntry>> Read(LogIndex first, LogIndex last, long maxBytes, CancellationToken cancellationToken) =>
        disk.Read(first, last, maxBytes);

    public Task<SnapshotContent> WriteSnapshot(LogPosition position, Action<Stream> write, CancellationToken cancellationToken)
    {
        if (!activation.IsDead)
        {
            activation.World.Judges.Taken(activation, position.Index);
        }

        return Step(() => disk.Snapshots.Write(position, write), needsSpace: true);
    }

    public Task WriteSnapshotPart(SnapshotHeader snapshot, long offset, ReadOnlyMemory<byte> part, CancellationToken cancellationToken) => Step(() =>
    {
        disk.Snapshots.WritePart(snapshot, offset, part.Span);
        return true;
    }, needsSpace: true);

    public Task ReadSnapshot(SnapshotHeader snapshot, Action<Stream> read, CancellationToken cancellationToken) => Step(() =>
    {
        disk.Snapshots.Read(snapshot, read);
        return true;
    });

    public Task<ReadOnlyMemory<byte>> ReadSnapshotPart(SnapshotHeader snapshot, long offset, int maxBytes, CancellationToken cancellationToken) =>
        Step(() => disk.Snapshots.ReadPart(snapshot, offset, maxBytes));

    public Task Delete(GroupId? deletedGroup, CancellationToken cancellationToken)
    {
        var deleted = new TaskCompletionSource();
        disk.QueueDeletion(this, deleted.SetResult);
        return deleted.Task;
    }

    /// <summary>Something with the contents of snapshots: the node may die before it, and a newer claim may have come between.</summary>
    private Task<T> Step<T>(Func<T> work, bool needsSpace = false) => !activation.Reaches()
        ? new TaskCompletionSource<T>().Task
        : disk.Later(() => epoch == disk.Epoch ? work() : throw new ClaimLostException("The node was claimed again."), needsSpace);
}
