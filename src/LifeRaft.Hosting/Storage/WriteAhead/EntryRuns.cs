using System.Buffers.Binary;
using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>Reads the records of entries.</summary>
internal static class EntryRuns
{
    public static EntryRun Of(Segment segment, long offset, int length, LogIndex first, int count, List<TermStart> terms, List<LogIndex>? configurations) =>
        new(segment, offset, length, first, first, first + (count - 1), [.. terms], configurations?.ToArray());

    /// <summary>Takes note of what has to be known of an entry without reading it.</summary>
    public static void Note(EntryKind kind, LogIndex index, Term term, List<TermStart> terms, ref List<LogIndex>? configurations)
    {
        if (terms.Count == 0 || terms[^1].Term != term)
        {
            terms.Add(new TermStart(index, term));
        }

        if (kind == EntryKind.Configuration)
        {
            (configurations ??= []).Add(index);
        }
    }

    /// <summary>The run that the body of a record is, its checksum not compared: that of its frame was.</summary>
    /// <exception cref="FormatException">The body is none.</exception>
    public static (long Number, EntryRun Run) Parse(ReadOnlyMemory<byte> body, Segment segment, long offset)
    {
        var number = BinaryPrimitives.ReadInt64BigEndian(body.Span);
        var terms = new List<TermStart>(1);
        List<LogIndex>? configurations = null;
        var entries = Entries(body);
        foreach (var entry in entries)
        {
            Note(entry.Kind, entry.Index, entry.Term, terms, ref configurations);
        }

        return (number, Of(segment, offset, body.Length, entries[0].Index, entries.Count, terms, configurations));
    }

    /// <summary>The entries in the body of a record.</summary>
    /// <exception cref="FormatException">The body is none.</exception>
    public static List<LogEntry> Entries(ReadOnlyMemory<byte> body)
    {
        if (body.Length < StoreRecordWriter.EntriesHeaderBytes)
        {
            throw new FormatException($"a record of entries has {body.Length} bytes");
        }

        var first = new LogIndex(BinaryPrimitives.ReadInt64BigEndian(body.Span[8..]));
        var count = BinaryPrimitives.ReadInt32BigEndian(body.Span[16..]);
        var rest = new FieldReader(body[StoreRecordWriter.EntriesHeaderBytes..]);
        var entries = new List<LogEntry>(Math.Clamp(count, 0, 65536));
        for (var i = 0; i < count; i++)
        {
            var entry = LogEntry.Decode(rest.Take(rest.Int32()));
            entries.Add(entry.Index == first + i ? entry : throw new FormatException($"entry {entry.Index} lies where {first + i} belongs"));
        }

        rest.End();
        return entries.Count > 0 ? entries : throw new FormatException("a record of entries is empty");
    }

    /// <summary>Why the body that was read again is damaged, or null when it is whole and belongs where it lies.</summary>
    public static string? Damage(ReadOnlySpan<byte> body, long number, EntryRun run)
    {
        var stored = BinaryPrimitives.ReadUInt64BigEndian(body[20..]);
        var computed = StoreRecordWriter.ChecksumOfEntries(body);
        return stored != computed ? $"its checksum is {stored:x16} but its {body.Length} bytes give {computed:x16}"
            : BinaryPrimitives.ReadInt64BigEndian(body) != number || BinaryPrimitives.ReadInt64BigEndian(body[8..]) != run.Written.Value ? "it is of another node or index"
            : null;
    }
}
