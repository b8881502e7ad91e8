namespace LifeRaft.Protocol.Tests.Harness;

/// <summary>A disk that holds what was completed, and loses the write in flight in a crash.</summary>
internal sealed class TestDisk
{
    public NodeIdentity Identity { get; set; }

    public HardState HardState { get; set; }

    public List<LogEntry> Log { get; init; } = [];

    /// <summary>The write that was begun and is not durable yet.</summary>
    public PersistBatch? Writing { get; private set; }

    /// <summary>Writes that removed entries from the log.</summary>
    public int Truncations { get; private set; }

    public IEnumerable<int> Terms => Log.Select(entry => (int)entry.Term.Value);

    public void Begin(PersistBatch batch)
    {
        Writing = Writing is null ? batch : throw new InvalidOperationException("A write was handed out while another is in flight.");
    }

    /// <summary>The write in flight becomes durable, all of it at once.</summary>
    public long Complete()
    {
        var batch = Writing ?? throw new InvalidOperationException("No write is in flight.");
        Identity = batch.Identity ?? Identity;
        HardState = batch.HardState ?? HardState;
        if (batch.Entries.Count > 0)
        {
            var kept = (int)batch.Entries[0].Index.Value - 1;
            Truncations += kept < Log.Count ? 1 : 0;
            Log.RemoveRange(kept, Log.Count - kept);
            Log.AddRange(batch.Entries);
        }

        Writing = null;
        return batch.Number;
    }

    public void LoseWrite() => Writing = null;

    public IReadOnlyList<LogEntry> Read(LogRead read)
    {
        var entries = new List<LogEntry>();
        var bytes = 0L;
        foreach (var entry in Log.Where(entry => entry.Index >= read.First && entry.Index <= read.Last))
        {
            bytes += entry.Encoded.Length;
            if (entries.Count > 0 && bytes > read.MaximumBytes)
            {
                break;
            }

            entries.Add(entry);
        }

        return entries;
    }

    public RestoredNode Restore()
    {
        var starts = new List<TermStart>();
        foreach (var entry in Log)
        {
            if (starts.Count == 0 || starts[^1].Term != entry.Term)
            {
                starts.Add(new TermStart(entry.Index, entry.Term));
            }
        }

        return new RestoredNode(Identity, HardState, new LogIndex(Log.Count), starts, Log.FindAll(entry => entry.Kind == EntryKind.Configuration));
    }
}
