using System.Buffers.Binary;

namespace LifeRaft;

/// <summary>What came of a change. The numbers are remembered by sessions and sent: they never change.</summary>
internal enum KeyValueOutcome : byte
{
    /// <summary>The key was not changed, or not found; of a transaction, the other branch was carried out.</summary>
    No = 0,

    /// <summary>The key was changed, or found; of a transaction, the first branch was carried out.</summary>
    Yes = 1,

    /// <summary>The transaction was not carried out: it reads and removes more bytes than an answer may have.</summary>
    TooLarge = 2,

    /// <summary>The lease is not, or no longer, there. Nothing was changed.</summary>
    LeaseEnded = 3,
}

/// <summary>
/// What came of a change, or of a look at one key: outcome (1 byte), version (8 bytes), revision (8 bytes), the lease if there is one
/// (8 bytes, and the outcome says so), and the value, which is the rest.
/// </summary>
/// <param name="Outcome">Whether the key was changed, or found.</param>
/// <param name="Version">The key's version now, or the one that a delete has ended; 0 for absence.</param>
/// <param name="Revision">When that version was written; 0 for absence.</param>
/// <param name="Lease">The lease of that version, or the one that has ended; 0 for none.</param>
/// <param name="Value">What was found where nothing was written. Not what the caller has sent itself.</param>
internal readonly record struct KeyValueResult(KeyValueOutcome Outcome, long Version, long Revision, long Lease, ReadOnlyMemory<byte> Value)
{
    private const int HeadLength = 1 + sizeof(long) + sizeof(long);
    private const byte HasLease = 0x80;

    public bool Succeeded => Outcome == KeyValueOutcome.Yes;

    public static KeyValueResult LeaseEnded(long lease) => new(KeyValueOutcome.LeaseEnded, 0, 0, lease, default);

    /// <summary>What a key was found to be, or that it is absent.</summary>
    public static KeyValueResult Of(KeyValueOutcome outcome, KeyValueEntry? entry) =>
        entry is null ? new(outcome, 0, 0, 0, default) : new(outcome, entry.Version, entry.Revision, entry.Lease, entry.Value);

    public byte[] Encode()
    {
        var leaseLength = Lease == 0 ? 0 : sizeof(long);
        var bytes = new byte[HeadLength + leaseLength + Value.Length];
        bytes[0] = Lease == 0 ? (byte)Outcome : (byte)((byte)Outcome | HasLease);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(1), Version);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(1 + sizeof(long)), Revision);
        if (Lease != 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(HeadLength), Lease);
        }

        Value.Span.CopyTo(bytes.AsSpan(HeadLength + leaseLength));
        return bytes;
    }

    /// <exception cref="FormatException">The bytes are no result.</exception>
    public static KeyValueResult Decode(ReadOnlyMemory<byte> bytes)
    {
        var head = bytes.Length >= HeadLength ? bytes.Span[0] : byte.MaxValue;
        var leaseLength = (head & HasLease) == 0 ? 0 : sizeof(long);
        var outcome = (KeyValueOutcome)(head & ~HasLease);
        if (outcome > KeyValueOutcome.LeaseEnded || bytes.Length < HeadLength + leaseLength)
        {
            throw new FormatException($"An answer of {bytes.Length} bytes is none of a key-value machine. Does the group replicate one?");
        }

        return new(
            outcome,
            BinaryPrimitives.ReadInt64LittleEndian(bytes.Span[1..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes.Span[(1 + sizeof(long))..]),
            leaseLength == 0 ? 0 : BinaryPrimitives.ReadInt64LittleEndian(bytes.Span[HeadLength..]),
            bytes[(HeadLength + leaseLength)..]);
    }

    public KeyValueEntry EntryOf(string key, ReadOnlyMemory<byte> value) => new(key, value, Version, Revision, Lease);
}
