using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>One claim of a node's log. It remembers what was handed over, for the judges.</summary>
internal sealed class SimulatedNodeLog(SimulatedDisk disk, Activation activation, long epoch, RestoredNode restored) : INodeLog
{
    private readonly List<LogEntry> _handedOver = [.. disk.Entries];

    public string Node => activation.Host.Endpoint;

    public long Epoch => epoch;

    public RestoredNode Restored => restored;

    /// <summary>The log as the node has it, as far as it was handed over to be stored.</summary>
    public IReadOnlyList<LogEntry> HandedOver => _handedOver;

    public void Write(LogWrite write, ILogWriteCompletion completion)
    {
        if (!activation.Reaches())
        {
            return;
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

    public Task<SnapshotContent> WriteSnapshot(LogPosition position, Action<Stream> write, CancellationToken cancellationToken) =>
        disk.Later(() => disk.Snapshots.Write(position, write));

    public Task WriteSnapshotPart(SnapshotHeader snapshot, long offset, ReadOnlyMemory<byte> part, CancellationToken cancellationToken) => disk.Later(() =>
    {
        disk.Snapshots.WritePart(snapshot, offset, part.Span);
        return true;
    });

    public Task ReadSnapshot(SnapshotHeader snapshot, Action<Stream> read, CancellationToken cancellationToken) => disk.Later(() =>
    {
        disk.Snapshots.Read(snapshot, read);
        return true;
    });

    public Task<ReadOnlyMemory<byte>> ReadSnapshotPart(SnapshotHeader snapshot, long offset, int maxBytes, CancellationToken cancellationToken) =>
        disk.Later(() => disk.Snapshots.ReadPart(snapshot, offset, maxBytes));

    public Task Delete(GroupId? deletedGroup, CancellationToken cancellationToken)
    {
        var deleted = new TaskCompletionSource();
        disk.QueueDeletion(this, deleted.SetResult);
        return deleted.Task;
    }
}
