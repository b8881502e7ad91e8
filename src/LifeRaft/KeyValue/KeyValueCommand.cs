using System.Buffers.Binary;

namespace LifeRaft;

/// <summary>
/// The first byte of a command. The numbers are in logs: they never change. What an earlier build could not read gets a number of its
/// own, so this byte alone says whether a build knows a command.
/// </summary>
internal enum KeyValueCommandKind : byte
{
    Put = 1,
    Delete = 2,
    CompareAndSwap = 3,
    Transact = 4,
    PutWithLease = 5,
    GrantLease = 6,
    KeepLease = 7,
    EndLease = 8,
}

/// <summary>
/// A change of one key: kind (1 byte), key (its length in 2 bytes, then UTF-8), for a compare-and-swap the expected version (8 bytes), for
/// a put with a lease the lease's id (8 bytes), and the value, which is the rest. Numbers are little-endian, here and in all that a key-value machine reads and writes.
/// </summary>
/// <param name="Kind">What to do.</param>
/// <param name="Key">With which key.</param>
/// <param name="Number">For a compare-and-swap, the version that the key must have, 0 for absence; for a put with a lease, its id.</param>
/// <param name="Value">The value to write; empty for a delete.</param>
internal readonly record struct KeyValueCommand(KeyValueCommandKind Kind, string Key, long Number, ReadOnlyMemory<byte> Value)
{
    /// <summary>No group takes longer commands; what claims to be longer is damaged.</summary>
    public const int MaximumBytes = 16 * 1024 * 1024;

    private int NumberLength => Kind is KeyValueCommandKind.CompareAndSwap or KeyValueCommandKind.PutWithLease ? sizeof(long) : 0;

    /// <summary>The lease with which the key shall end; 0 for none.</summary>
    public long Lease => Kind == KeyValueCommandKind.PutWithLease ? Number : 0;

    public byte[] Encode()
    {
        var bytes = new byte[1 + KeyValueKey.EncodedLength(Key) + NumberLength + Value.Length];
        bytes[0] = (byte)Kind;
        var rest = KeyValueKey.Write(Key, bytes.AsSpan(1));
        if (NumberLength > 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(rest, Number);
        }

        Value.Span.CopyTo(rest[NumberLength..]);
        return bytes;
    }

    /// <summary>What kind of command the bytes claim to be.</summary>
    /// <exception cref="FormatException">They can be none.</exception>
    public static KeyValueCommandKind KindOf(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length is 0 or > MaximumBytes)
        {
            throw new FormatException($"A command of {bytes.Length} bytes is none of a key-value machine; it must have 1 to {MaximumBytes}.");
        }

        return bytes.Span[0] > 0 ? (KeyValueCommandKind)bytes.Span[0] : throw new FormatException("A command that begins with 0 is none of a key-value machine.");
    }

    /// <summary>Why this build cannot know the command; null if it does, or if it is damaged.</summary>
    public static string? Refusal(ReadOnlyMemory<byte> bytes) => bytes.Length > 0 && bytes.Span[0] > (byte)KeyValueCommandKind.EndLease
        ? $"A command that begins with {bytes.Span[0]} is not known to this build of the key-value machine, which knows 1 to {(byte)KeyValueCommandKind.EndLease}. Update the silo."
        : null;

    /// <summary>Reads a change of one key. The value is a part of the bytes, not a copy.</summary>
    /// <exception cref="FormatException">The bytes are none.</exception>
    public static KeyValueCommand Decode(KeyValueCommandKind kind, ReadOnlyMemory<byte> bytes)
    {
        var key = KeyValueKey.Read(bytes[1..], out var rest);
        return kind switch
        {
            KeyValueCommandKind.Put => new(kind, key, 0, rest),
            KeyValueCommandKind.Delete when rest.IsEmpty => new(kind, key, 0, rest),
            KeyValueCommandKind.Delete => throw new FormatException($"A delete ends with its key, but {rest.Length} bytes follow."),
            _ when rest.Length < sizeof(long) => throw new FormatException("A compare-and-swap ends before its expected version, or a put before its lease."),
            KeyValueCommandKind.PutWithLease when BinaryPrimitives.ReadInt64LittleEndian(rest.Span) < 1 => throw new FormatException("A put names a lease whose id is not above zero."),
            _ => new(kind, key, BinaryPrimitives.ReadInt64LittleEndian(rest.Span), rest[sizeof(long)..]),
        };
    }
}
