using System.Buffers.Binary;
using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Storage.RocksDb;

/// <summary>
/// Reads what a claim returns. The starts of terms and the places of configurations have small records of their own, so a claim
/// reads a handful of records however long the log is.
/// </summary>
internal sealed class NodeRecords(RecordReader records, string node, long number)
{
    /// <exception cref="LogStoreCorruptException">A record is damaged, or the records contradict each other.</exception>
    internal RestoredNode Read()
    {
        var start = ReadBase();
        var snapshot = ReadSnapshot();
        var last = new LogIndex(ReadNumber(RecordKey.OfNode(RecordKind.LastIndex, number)) ?? 0);
        var starts = ReadTermStarts(start, last);
        CheckEnds(start, last, starts);
        if (start.Index > (snapshot?.Index ?? LogIndex.Zero) || last < (snapshot?.Index ?? LogIndex.Zero))
        {
            throw records.Corrupt(node, RecordKey.OfNode(RecordKind.Base, number), $"the log goes from {start} to {last}, but the snapshot ends at {snapshot?.Index}");
        }

        return new RestoredNode(ReadIdentity(), ReadHardState(), last, starts, ReadConfigurations(last)) { Base = start, Snapshot = snapshot };
    }

    private NodeIdentity ReadIdentity()
    {
        var key = RecordKey.OfNode(RecordKind.Identity, number);
        return Content(key, bytes: 32) is { } content
            ? new NodeIdentity(new GroupId(new Guid(content.Span[..16])), new MemberId(new Guid(content.Span[16..])))
            : NodeIdentity.Blank;
    }

    private HardState ReadHardState()
    {
        var key = RecordKey.OfNode(RecordKind.HardState, number);
        return Content(key, bytes: 24) is { } content
            ? new HardState(new Term(BinaryPrimitives.ReadInt64BigEndian(content.Span)), new MemberId(new Guid(content.Span[8..])))
            : default;
    }

    private LogPosition ReadBase()
    {
        var key = RecordKey.OfNode(RecordKind.Base, number);
        return Content(key, bytes: 16) is { } content
            ? new LogPosition(new LogIndex(BinaryPrimitives.ReadInt64BigEndian(content.Span)), new Term(BinaryPrimitives.ReadInt64BigEndian(content.Span[8..])))
            : LogPosition.Zero;
    }

    private SnapshotHeader? ReadSnapshot()
    {
        var key = RecordKey.OfNode(RecordKind.Snapshot, number);
        try
        {
            return records.Find(key, node) is { } content ? SnapshotHeaderCodec.Decode(content) : null;
        }
        catch (FormatException failure)
        {
            throw records.Corrupt(node, key, failure.Message, failure);
        }
    }

    private List<TermStart> ReadTermStarts(LogPosition start, LogIndex last)
    {
        var starts = new List<TermStart>();
        foreach (var (key, content) in records.FindAll(Prefix(RecordKind.TermStart), node))
        {
            var run = new TermStart(new LogIndex(RecordKey.Index(key)), new Term(Number(key, content)));
            if (run.First > last || run.First <= start.Index)
            {
                throw records.Corrupt(node, key, $"it lies outside of the log, which goes from {start} to {last}");
            }

            starts.Add(run);
        }

        if (start == LogPosition.Zero && last > LogIndex.Zero && (starts.Count == 0 || starts[0].First != LogIndex.First))
        {
            throw records.Corrupt(node, RecordKey.OfNode(RecordKind.TermStart, number, 1), "it is missing");
        }

        return starts;
    }

    private List<LogEntry> ReadConfigurations(LogIndex last)
    {
        var configurations = new List<LogEntry>();
        foreach (var (key, _) in records.FindAll(Prefix(RecordKind.Configuration), node))
        {
            var index = new LogIndex(RecordKey.Index(key));
            var entry = index <= last ? EntryReader.Find(records, node, number, index) : null;
            configurations.Add(entry is { Kind: EntryKind.Configuration }
                ? entry
                : throw records.Corrupt(node, key, $"it marks {entry?.ToString() ?? "an entry that is missing"}"));
        }

        return configurations;
    }

    /// <summary>The first and the last entry are there, the last one is of the last term, and none lies beyond it.</summary>
    private void CheckEnds(LogPosition start, LogIndex last, List<TermStart> starts)
    {
        var firstKey = RecordKey.OfNode(RecordKind.Entry, number, start.Index.Value + 1);
        if (last > start.Index)
        {
            var lastKey = RecordKey.OfNode(RecordKind.Entry, number, last.Value);
            var lastTerm = starts.Count == 0 ? start.Term : starts[^1].Term;
            var firstTerm = starts.Count > 0 && starts[0].First == start.Index + 1 ? starts[0].Term : start.Term;
            var first = EntryReader.Find(records, node, number, start.Index + 1) ?? throw records.Corrupt(node, firstKey, "it is missing");
            if (first.Term != firstTerm)
            {
                throw records.Corrupt(node, firstKey, $"it is of term {first.Term}, but the first term here is {firstTerm}");
            }

            var entry = EntryReader.Find(records, node, number, last) ?? throw records.Corrupt(node, lastKey, "it is missing, and should be the last");
            if (entry.Term != lastTerm)
            {
                throw records.Corrupt(node, lastKey, $"it is of term {entry.Term}, but the last term here starts as {lastTerm}");
            }
        }

        var beyond = RecordKey.OfNode(RecordKind.Entry, number, last.Value + 1);
        if (records.FirstKeyFrom(beyond, node) is { } found && found.AsSpan().StartsWith(Prefix(RecordKind.Entry)))
        {
            throw records.Corrupt(node, found, $"it lies beyond the last entry, {last}");
        }
    }

    private byte[] Prefix(RecordKind kind) => RecordKey.OfNode(kind, number)[..9];

    private long? ReadNumber(byte[] key) => records.Find(key, node) is { } content ? Number(key, content) : null;

    private long Number(byte[] key, ReadOnlyMemory<byte> content) => content.Length == 8
        ? BinaryPrimitives.ReadInt64BigEndian(content.Span)
        : throw records.Corrupt(node, key, $"it has {content.Length} bytes instead of 8");

    private ReadOnlyMemory<byte>? Content(byte[] key, int bytes)
    {
        var content = records.Find(key, node);
        return content is null || content.Value.Length == bytes
            ? content
            : throw records.Corrupt(node, key, $"it has {content.Value.Length} bytes instead of {bytes}");
    }
}
