using System.Buffers.Binary;

namespace LifeRaft;

internal enum KeyValueCommandKind : byte
{
    Put = 1,
    Delete = 2,
    CompareAndSwap = 3,
}

/// <summary>
/// A change: kind (1 byte), key (its length in 2 bytes, then UTF-8), for a compare-and-swap the expected version (8 bytes), and the
/// value, which is the rest. Numbers are little-endian, here and in all that a key-value machine reads and writes.
/// </summary>
/// <param name="Kind">What to do.</param>
/// <param name="Key">With which key.</param>
/// <param name="Expected">For a compare-and-swap, the version that the key must have; 0 for absence.</param>
/// <param name="Value">The value to write; empty for a delete.</param>
internal readonly record struct KeyValueCommand(KeyValueCommandKind Kind, string Key, long Expected, ReadOnlyMemory<byte> Value)
{
    /// <summary>No group takes longer commands; what claims to be longer is damaged.</summary>
    public const int MaximumBytes = 16 * 1024 * 1024;

    private int ExpectedLength => Kind == KeyValueCommandKind.CompareAndSwap ? sizeof(long) : 0;

    public byte[] Encode()
    {
        var bytes = new byte[1 + KeyValueKey.EncodedLength(Key) + ExpectedLength + Value.Length];
        bytes[0] = (byte)Kind;
        var rest = KeyValueKey.Write(Key, bytes.AsSpan(1));
        if (ExpectedLength > 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(rest, Expected);
        }

        Value.Span.CopyTo(rest[ExpectedLength..]);
        return bytes;
    }

    /// <summary>Reads a command. The value is a part of the bytes, not a copy.</summary>
    /// <exception cref="FormatException">The bytes are no command.</exception>
    public static KeyValueCommand Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length is 0 or > MaximumBytes)
        {
            throw new FormatException($"A command of {bytes.Length} bytes is none of a key-value machine; it must have 1 to {MaximumBytes}.");
        }

        var kind = (KeyValueCommandKind)bytes.Span[0];
        if (kind is < KeyValueCommandKind.Put or > KeyValueCommandKind.CompareAndSwap)
        {
            throw new FormatException($"A command that begins with {bytes.Span[0]} is none of a key-value machine; 1, 2 and 3 are.");
        }

        var key = KeyValueKey.Read(bytes[1..], out var rest);
        return kind switch
        {
            KeyValueCommandKind.Put => new(kind, key, 0, rest),
            KeyValueCommandKind.Delete when rest.IsEmpty => new(kind, key, 0, rest),
            KeyValueCommandKind.Delete => throw new FormatException($"A delete ends with its key, but {rest.Length} bytes follow."),
            _ when rest.Length < sizeof(long) => throw new FormatException("A compare-and-swap ends before its expected version."),
            _ => new(kind, key, BinaryPrimitives.ReadInt64LittleEndian(rest.Span), rest[sizeof(long)..]),
        };
    }
}

/// <summary>What came of a change, or of a look at one key: succeeded (1 byte), version (8 bytes), and the value, which is the rest.</summary>
/// <param name="Succeeded">Whether the key was changed, or found.</param>
/// <param name="Version">The key's version now, or the one that a delete has ended; 0 for absence.</param>
/// <param name="Value">What was found where nothing was written. Not what the caller has sent itself.</param>
internal readonly record struct KeyValueResult(bool Succeeded, long Version, ReadOnlyMemory<byte> Value)
{
    private const int HeadLength = 1 + sizeof(long);

    public byte[] Encode()
    {
        var bytes = new byte[HeadLength + Value.Length];
        bytes[0] = Succeeded ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(1), Version);
        Value.Span.CopyTo(bytes.AsSpan(HeadLength));
        return bytes;
    }

    /// <exception cref="FormatException">The bytes are no result.</exception>
    public static KeyValueResult Decode(ReadOnlyMemory<byte> bytes) =>
        bytes.Length >= HeadLength && bytes.Span[0] <= 1
            ? new(bytes.Span[0] == 1, BinaryPrimitives.ReadInt64LittleEndian(bytes.Span[1..]), bytes[HeadLength..])
            : throw new FormatException($"An answer of {bytes.Length} bytes is none of a key-value machine. Does the group replicate one?");
}
