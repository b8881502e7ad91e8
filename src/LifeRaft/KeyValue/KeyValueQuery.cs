using System.Buffers.Binary;

namespace LifeRaft;

internal enum KeyValueQueryKind : byte
{
    Get = 1,
    CountApplied = 2,
    List = 3,
    Revision = 4,
    Watch = 5,
}

/// <summary>
/// A question: kind (1 byte); for a get the key; for a list its limit (8 bytes), the range, and the key after which it begins, possibly
/// empty; for who watches the revision from which on (8 bytes), and the range.
/// </summary>
/// <param name="Kind">What is asked.</param>
/// <param name="Key">The key; for a list the last key of the page before.</param>
/// <param name="Number">For a list at most how many entries; for who watches the first revision.</param>
/// <param name="Range">Which keys.</param>
internal readonly record struct KeyValueQuery(KeyValueQueryKind Kind, string Key = "", long Number = 0, KeyValueRange? Range = null)
{
    public static KeyValueQuery List(KeyValueRange range, long limit, string after) => new(KeyValueQueryKind.List, after, limit, range);

    public static KeyValueQuery Watch(KeyValueRange range, long from) => new(KeyValueQueryKind.Watch, "", from, range);

    /// <summary>
    /// From which revision on events are asked for, without reading more of the question than that; null if it is another question.
    /// </summary>
    public static long? WatchedFrom(ReadOnlySpan<byte> bytes) =>
        bytes.Length > 1 + sizeof(long) && bytes[0] == (byte)KeyValueQueryKind.Watch ? BinaryPrimitives.ReadInt64LittleEndian(bytes[1..]) : null;

    public byte[] Encode()
    {
        var writer = new KeyValueWriter(64).Byte((byte)Kind);
        if (Range is not null)
        {
            writer.Int64(Number);
            Range.Write(writer);
        }

        return Kind is KeyValueQueryKind.Get or KeyValueQueryKind.List ? writer.Key(Key).ToArray() : writer.ToArray();
    }

    /// <exception cref="FormatException">The bytes are no query.</exception>
    public static KeyValueQuery Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new KeyValueReader(bytes);
        var kind = (KeyValueQueryKind)reader.Byte();
        var query = kind switch
        {
            KeyValueQueryKind.Get => new(kind, reader.Key()),
            KeyValueQueryKind.CountApplied or KeyValueQueryKind.Revision => new(kind),
            KeyValueQueryKind.List => ReadList(ref reader),
            KeyValueQueryKind.Watch => ReadWatch(ref reader),
            _ => throw new FormatException($"A query of {bytes.Length} bytes and kind {(byte)kind} is none of a key-value machine; 1 to {(byte)KeyValueQueryKind.Watch} are."),
        };
        reader.End();
        return query;
    }

    private static KeyValueQuery ReadList(ref KeyValueReader reader)
    {
        var (limit, range) = (reader.Count(), KeyValueRange.Read(ref reader));
        return List(range, limit, reader.Prefix());
    }

    private static KeyValueQuery ReadWatch(ref KeyValueReader reader)
    {
        var from = reader.Count();
        return Watch(KeyValueRange.Read(ref reader), from);
    }
}
