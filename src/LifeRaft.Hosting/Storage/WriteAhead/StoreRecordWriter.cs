using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// Collects the records of one frame. A record is its kind in one byte, the length of its body in four, and the body; numbers are
/// big-endian. The memory is kept from frame to frame.
/// </summary>
internal sealed class StoreRecordWriter
{
    /// <summary>What precedes a body.</summary>
    public const int PrefixBytes = 5;

    /// <summary>What precedes the entries in a body: number of the node 8, first index 8, count 4, checksum of the rest 8.</summary>
    public const int EntriesHeaderBytes = 28;

    /// <summary>Entries that are read at once are in one record: beyond this size the next record begins.</summary>
    private const int EnoughEntryBytes = 256 * 1024;

    private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);

    private int _padding;

    public StoreRecordWriter() => Clear();

    /// <summary>Bytes of records.</summary>
    public int Length => _bytes.WrittenCount - SegmentFrame.HeaderBytes - _padding;

    /// <summary>The frame, with room for its header, and padded. Nothing is added to it any more before it is cleared.</summary>
    public Memory<byte> Frame()
    {
        var length = (int)SegmentFrame.Length(Length);
        var padding = length - _bytes.WrittenCount;
        if (padding > 0)
        {
            _bytes.GetSpan(padding)[..padding].Clear();
            _bytes.Advance(padding);
            _padding = padding;
        }

        return MemoryMarshal.AsMemory(_bytes.WrittenMemory);
    }

    public void Clear()
    {
        _padding = 0;
        _bytes.ResetWrittenCount();
        _bytes.GetSpan(SegmentFrame.HeaderBytes)[..SegmentFrame.HeaderBytes].Clear();
        _bytes.Advance(SegmentFrame.HeaderBytes);
    }

    public void Write(StoreRecord record)
    {
        var body = new FieldWriter();
        var kind = WriteBody(record, body);
        Add(kind, body.ToArray());
    }

    /// <summary>Writes entries; says of each record that they became where it lies, from the beginning of the frame.</summary>
    public IEnumerable<EntryRun> WriteEntries(long number, IReadOnlyList<LogEntry> entries)
    {
        var runs = new List<EntryRun>();
        for (var first = 0; first < entries.Count;)
        {
            var (count, bytes) = (0, 0);
            for (; first + count < entries.Count && (count == 0 || bytes + entries[first + count].Encoded.Length <= EnoughEntryBytes); count++)
            {
                bytes += entries[first + count].Encoded.Length;
            }

            runs.Add(WriteRun(number, entries, first, count, bytes + (4 * count)));
            first += count;
        }

        return runs;
    }

    /// <summary>Copies the body of a record of entries as it is; where it lies, from the beginning of the frame.</summary>
    public long CopyEntries(ReadOnlySpan<byte> body)
    {
        Add(StoreRecordKind.Entries, body);
        return _bytes.WrittenCount - body.Length;
    }

    /// <summary>The checksum in a body of entries covers whose they are, too.</summary>
    public static ulong ChecksumOfEntries(ReadOnlySpan<byte> body) =>
        XxHash64.HashToUInt64(body[EntriesHeaderBytes..], unchecked((long)XxHash64.HashToUInt64(body[..20])));

    private EntryRun WriteRun(long number, IReadOnlyList<LogEntry> entries, int first, int count, int bytes)
    {
        var length = EntriesHeaderBytes + bytes;
        var span = Begin(StoreRecordKind.Entries, length);
        var offset = _bytes.WrittenCount + PrefixBytes;
        var body = span.Slice(PrefixBytes, length);
        BinaryPrimitives.WriteInt64BigEndian(body, number);
        BinaryPrimitives.WriteInt64BigEndian(body[8..], entries[first].Index.Value);
        BinaryPrimitives.WriteInt32BigEndian(body[16..], count);
        var rest = body[EntriesHeaderBytes..];
        var terms = new List<TermStart>(1);
        List<LogIndex>? configurations = null;
        for (var i = first; i < first + count; i++)
        {
            var entry = entries[i];
            BinaryPrimitives.WriteInt32BigEndian(rest, entry.Encoded.Length);
            entry.Encoded.Span.CopyTo(rest[4..]);
            rest = rest[(4 + entry.Encoded.Length)..];
            EntryRuns.Note(entry.Kind, entry.Index, entry.Term, terms, ref configurations);
        }

        BinaryPrimitives.WriteUInt64BigEndian(body[20..], ChecksumOfEntries(body));
        _bytes.Advance(PrefixBytes + length);
        return EntryRuns.Of(null!, offset, length, entries[first].Index, count, terms, configurations);
    }

    private static StoreRecordKind WriteBody(StoreRecord record, FieldWriter body)
    {
        switch (record)
        {
            case CheckpointBegun begun:
                body.Int64(begun.StartCount).Int64(begun.NextNumber).Int32(begun.DeletedGroups.Count);
                foreach (var group in begun.DeletedGroups)
                {
                    body.Id(group.Value);
                }

                body.Int32(begun.Segments.Count);
                foreach (var (sequence, end) in begun.Segments)
                {
                    body.Int64(sequence).Int64(end);
                }

                return StoreRecordKind.CheckpointBegin;
            case CheckpointOfNode node:
                body.Int64(node.Number).Text(node.Name).Id(node.Identity.Group.Value).Id(node.Identity.Member.Value)
                    .Int64(node.HardState.Term.Value).Id(node.HardState.VotedFor.Value)
                    .Int64(node.Base.Index.Value).Int64(node.Base.Term.Value).Int64(node.Last.Value)
                    .Rest(node.Snapshot is { } snapshot ? SnapshotHeaderCodec.Encode(snapshot) : []);
                return StoreRecordKind.CheckpointNode;
            case CheckpointEnded ended:
                body.Int32(ended.Numbers.Count);
                foreach (var number in ended.Numbers)
                {
                    body.Int64(number);
                }

                return StoreRecordKind.CheckpointEnd;
            case NodeNamed named:
                body.Int64(named.Number).Text(named.Name);
                return StoreRecordKind.NodeNamed;
            case IdentityStored identity:
                body.Int64(identity.Number).Id(identity.Identity.Group.Value).Id(identity.Identity.Member.Value);
                return StoreRecordKind.Identity;
            case HardStateStored hard:
                body.Int64(hard.Number).Int64(hard.HardState.Term.Value).Id(hard.HardState.VotedFor.Value);
                return StoreRecordKind.HardState;
            case SnapshotStored { Snapshot: var write } stored:
                body.Int64(stored.Number).Int64(write.Base.Index.Value).Int64(write.Base.Term.Value).Truth(write.ReplacesLog).Rest(SnapshotHeaderCodec.Encode(write.Header));
                return StoreRecordKind.Snapshot;
            case NodeRemoved deleted:
                body.Int64(deleted.Number);
                return StoreRecordKind.NodeDeleted;
            case GroupDeleted group:
                body.Id(group.Group.Value);
                return StoreRecordKind.GroupDeleted;
            default:
                throw new ArgumentException($"A {record.GetType().Name} is written by {nameof(WriteEntries)}.", nameof(record));
        }
    }

    private void Add(StoreRecordKind kind, ReadOnlySpan<byte> body)
    {
        body.CopyTo(Begin(kind, body.Length)[PrefixBytes..]);
        _bytes.Advance(PrefixBytes + body.Length);
    }

    private Span<byte> Begin(StoreRecordKind kind, int length)
    {
        var span = _bytes.GetSpan(PrefixBytes + length);
        span[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(span[1..], length);
        return span;
    }
}
