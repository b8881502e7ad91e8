using System.Buffers.Binary;

namespace LifeRaft;

internal enum KeyValueQueryKind : byte
{
    Get = 1,
    CountApplied = 2,
    List = 3,
}

/// <summary>A question: kind (1 byte); for a get the key; for a list the prefix and the key after which it begins, both possibly empty.</summary>
/// <param name="Kind">What is asked.</param>
/// <param name="Key">The key, or the prefix of the keys to list.</param>
/// <param name="After">For a list: the last key of the page before.</param>
internal readonly record struct KeyValueQuery(KeyValueQueryKind Kind, string Key = "", string After = "")
{
    public byte[] Encode()
    {
        if (Kind == KeyValueQueryKind.CountApplied)
        {
            return [(byte)Kind];
        }

        var afterLength = Kind == KeyValueQueryKind.List ? KeyValueKey.EncodedLength(After) : 0;
        var bytes = new byte[1 + KeyValueKey.EncodedLength(Key) + afterLength];
        bytes[0] = (byte)Kind;
        var rest = KeyValueKey.Write(Key, bytes.AsSpan(1));
        if (Kind == KeyValueQueryKind.List)
        {
            KeyValueKey.Write(After, rest);
        }

        return bytes;
    }

    /// <exception cref="FormatException">The bytes are no query.</exception>
    public static KeyValueQuery Decode(ReadOnlyMemory<byte> bytes)
    {
        var kind = bytes.IsEmpty ? default : (KeyValueQueryKind)bytes.Span[0];
        var rest = bytes.IsEmpty ? bytes : bytes[1..];
        KeyValueQuery query = kind switch
        {
            KeyValueQueryKind.Get => new(kind, KeyValueKey.Read(rest, out rest)),
            KeyValueQueryKind.CountApplied => new(kind),
            KeyValueQueryKind.List => new(kind, KeyValueKey.ReadPrefix(rest, out rest), KeyValueKey.ReadPrefix(rest, out rest)),
            _ => throw new FormatException($"A query of {bytes.Length} bytes and kind {(byte)kind} is none of a key-value machine; 1, 2 and 3 are."),
        };
        return rest.IsEmpty ? query : throw new FormatException($"A query goes on for {rest.Length} bytes after its end.");
    }
}

/// <summary>
/// A part of a list: whether more follows (1 byte), then for each entry the key, the version (8 bytes), the value's length (4 bytes)
/// and the value.
/// </summary>
internal readonly record struct KeyValuePage(IReadOnlyList<KeyValueEntry> Entries, bool HasMore)
{
    /// <summary>A page ends before the entry that would make it larger, and holds at least one.</summary>
    public const int MaximumBytes = 256 * 1024;

    private const int HeadLength = sizeof(long) + sizeof(int);

    public static int EncodedLength(KeyValueEntry entry) => KeyValueKey.EncodedLength(entry.Key) + HeadLength + entry.Value.Length;

    public byte[] Encode()
    {
        var bytes = new byte[1 + Entries.Sum(EncodedLength)];
        bytes[0] = HasMore ? (byte)1 : (byte)0;
        var rest = bytes.AsSpan(1);
        foreach (var entry in Entries)
        {
            rest = KeyValueKey.Write(entry.Key, rest);
            BinaryPrimitives.WriteInt64LittleEndian(rest, entry.Version);
            BinaryPrimitives.WriteInt32LittleEndian(rest[sizeof(long)..], entry.Value.Length);
            entry.Value.Span.CopyTo(rest[HeadLength..]);
            rest = rest[(HeadLength + entry.Value.Length)..];
        }

        return bytes;
    }

    /// <exception cref="FormatException">The bytes are no page.</exception>
    public static KeyValuePage Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty || bytes.Span[0] > 1)
        {
            throw new FormatException($"An answer of {bytes.Length} bytes is no list of a key-value machine. Does the group replicate one?");
        }

        var entries = new List<KeyValueEntry>();
        for (var rest = bytes[1..]; !rest.IsEmpty;)
        {
            var key = KeyValueKey.Read(rest, out rest);
            var length = rest.Length >= HeadLength ? BinaryPrimitives.ReadInt32LittleEndian(rest.Span[sizeof(long)..]) : -1;
            if (length < 0 || length > rest.Length - HeadLength)
            {
                throw new FormatException($"The entry of '{key}' is cut short.");
            }

            entries.Add(new KeyValueEntry(key, rest.Slice(HeadLength, length), BinaryPrimitives.ReadInt64LittleEndian(rest.Span)));
            rest = rest[(HeadLength + length)..];
        }

        return new KeyValuePage(entries, bytes.Span[0] == 1);
    }
}
