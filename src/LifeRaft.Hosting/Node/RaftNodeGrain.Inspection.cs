using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>What operators look at: the log and the snapshot as they lie on this node's disk. It changes nothing, and each answer is small.</summary>
public partial class RaftNodeGrain
{
    private const int LongestAnswer = 256 * 1024;

    async ValueTask<LogPiece> IRaftRequests.ReadLog(LogIndex first, int count)
    {
        var session = Session;
        while (true)
        {
            var node = session.Node;
            var (start, durable) = (node.LogBase.Index, node.DurableIndex);
            var from = LogIndex.Max(first, start + 1);
            var last = LogIndex.Min(durable, from + (Math.Clamp(count, 1, LogSlice.MaximumEntries) - 1));
            try
            {
                IReadOnlyList<LogEntry> entries = last < from || session.Pump.IsOver ? [] : await session.ReadLog(from, last, LongestAnswer);
                return new LogPiece(start, durable, node.Status().Commit, node.AppliedIndex, [.. entries.Select(entry => entry.Encoded)]);
            }
            catch (LogStoreException) when (!session.Pump.IsOver && (node.LogBase.Index != start || node.DurableIndex < last))
            {
                // Compacted away, or replaced, while it was read: what is there now is read anew.
            }
            catch (LogStoreException failure)
            {
                throw new NodeUnavailableException($"{_key} cannot read its log: {failure.Message}");
            }
        }
    }

    async ValueTask<SnapshotPiece> IRaftRequests.ReadSnapshot(LogIndex index, long offset)
    {
        var session = Session;
        if (session.Node.LatestSnapshot is not { } snapshot || session.Pump.IsOver)
        {
            return new SnapshotPiece(default, default);
        }

        var header = SnapshotHeaderCodec.Encode(snapshot);
        if (index != LogIndex.Zero && index != snapshot.Index)
        {
            return new SnapshotPiece(header, default);
        }

        try
        {
            return new SnapshotPiece(header, await session.ReadSnapshotPart(snapshot, offset, LongestAnswer));
        }
        catch (SnapshotGoneException)
        {
            return new SnapshotPiece(header, default);
        }
        catch (LogStoreException failure)
        {
            throw new NodeUnavailableException($"{_key} cannot read its {snapshot}: {failure.Message}");
        }
    }
}
