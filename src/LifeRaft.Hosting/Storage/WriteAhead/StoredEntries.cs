using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>Reads entries of one node from the segments, each record compared with its checksum again.</summary>
internal sealed class StoredEntries(string description, string name, NodeIndex? node)
{
    /// <summary>Reads as <see cref="INodeLog.Read"/> promises.</summary>
    public List<LogEntry> Read(LogIndex first, LogIndex last, long maxBytes, CancellationToken cancellationToken)
    {
        var result = new List<LogEntry>();
        var bytes = 0L;
        for (var next = first; next <= last;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var entry in Run(next).Where(entry => entry.Index >= next && entry.Index <= last).ToList())
            {
                bytes += entry.Encoded.Length;
                if (result.Count > 0 && bytes > maxBytes)
                {
                    return result;
                }

                result.Add(entry);
                next = entry.Index + 1;
            }
        }

        return result;
    }

    /// <summary>What is in the log of the record that holds the entry.</summary>
    private IEnumerable<LogEntry> Run(LogIndex index)
    {
        // A segment that is being replaced by a copy is not to be entered any more, and the copy is known next.
        EntryRun? run = null;
        for (var attempt = 0; attempt < 100 && run is null; attempt++)
        {
            run = node?.Enter(index);
        }

        if (run is null)
        {
            throw Corrupt(index, "it is missing");
        }

        try
        {
            var body = new byte[run.Length];
            if (RandomAccess.Read(run.Segment.Handle, body, run.Offset) < body.Length)
            {
                throw Corrupt(index, $"{Path.GetFileName(run.Segment.File)} is too short");
            }

            return EntryRuns.Damage(body, node!.Number, run) is { } damage
                ? throw Corrupt(index, $"the record at {run.Offset} in {Path.GetFileName(run.Segment.File)} is damaged: {damage}")
                : EntryRuns.Entries(body).Where(entry => entry.Index >= run.First && entry.Index <= run.Last);
        }
        catch (Exception failure) when (failure is IOException or FormatException)
        {
            throw Corrupt(index, $"the record at {run.Offset} in {Path.GetFileName(run.Segment.File)} cannot be read: {failure.Message}", failure);
        }
        finally
        {
            run.Segment.Leave();
        }
    }

    private LogStoreCorruptException Corrupt(LogIndex index, string reason, Exception? inner = null) => new(
        $"{description}: entry {index} of node {name} is damaged: {reason}. Nothing was skipped or repaired. End this node and let it join again: its group has what it held.", inner);
}
