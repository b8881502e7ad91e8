using Xunit;

namespace LifeRaft.Protocol.Tests.Harness;

/// <summary>A disk that holds what was completed, and loses the write in flight in a crash.</summary>
internal sealed class TestDisk
{
    public NodeIdentity Identity { get; set; }

    public HardState HardState { get; set; }

    /// <summary>The entries after <see cref="Base"/>.</summary>
    public List<LogEntry> Log { get; init; } = [];

    public LogPosition Base { get; set; }

    /// <summary>The snapshot in force.</summary>
    public SnapshotHeader? Snapshot { get; set; }

    /// <summary>Contents that are complete, in force or not.</summary>
    public Dictionary<LogPosition, byte[]> Contents { get; } = [];

    /// <summary>What has been received of a snapshot; a crash loses it.</summary>
    public List<byte> Received { get; } = [];

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
        if (batch.Snapshot is { } write)
        {
            Assert.True(Contents.ContainsKey(write.Header.Position), $"{write.Header} comes into force without content.");
            Snapshot = write.Header;
            Base = write.Base;
            Log.RemoveAll(entry => write.ReplacesLog || entry.Index <= write.Base.Index);
        }

        if (batch.Entries.Count > 0)
        {
            var kept = (int)(batch.Entries[0].Index - Base.Index) - 1;
            Truncations += kept < Log.Count ? 1 : 0;
            Log.RemoveRange(kept, Log.Count - kept);
            Log.AddRange(batch.Entries);
        }

        Writing = null;
        return batch.Number;
    }

    public void LoseWrite()
    {
        Writing = null;
        Received.Clear();
    }

    /// <summary>Stores a part; the last one completes the content.</summary>
    public void Store(SnapshotPart part)
    {
        if (part.Offset == 0)
        {
            Received.Clear();
        }

        Assert.Equal(Received.Count, part.Offset);
        Received.AddRange(part.Data.Span);
        if (part.IsLast)
        {
            Contents[part.Header.Position] = [.. Received];
        }
    }

    public IReadOnlyList<LogEntry> Read(LogRead read)
    {
        var entries = new List<LogEntry>();
        var bytes = 0L;
        Assert.True(read.First > Base.Index, $"Entry {read.First} is read, but everything up to {Base} was compacted away.");
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
        var term = Base.Term;
        foreach (var entry in Log.Where(entry => entry.Term != term))
        {
            starts.Add(new TermStart(entry.Index, term = entry.Term));
        }

        return new RestoredNode(Identity, HardState, Base.Index + Log.Count, starts, Log.FindAll(entry => entry.Kind == EntryKind.Configuration))
        {
            Base = Base,
            Snapshot = Snapshot,
        };
    }
}
