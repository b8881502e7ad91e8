using System.Buffers.Binary;
using System.Text;

namespace LifeRaft.Storage.RocksDb;

/// <summary>What a record is. The numbers are the first byte of its key: they are stored and never change.</summary>
internal enum RecordKind : byte
{
    Format = 1,
    StartCount = 2,
    NextNodeNumber = 3,
    NodeName = 4,
    Tombstone = 5,
    Identity = 16,
    HardState = 17,
    LastIndex = 18,
    TermStart = 19,
    Configuration = 20,
    Entry = 21,
    Base = 22,
    Snapshot = 23,
}

/// <summary>
/// The keys of the database. Records of a node have keys of one size, ordered as numbers are: kind 1, node number 8, index 8, all
/// big-endian; the index is zero where there is only one. Records of the store are a kind alone, or a kind and a name or a group.
/// </summary>
/// <remarks>
/// A node number is given to a name with its first write and never again: a node that is deleted and created anew has another
/// number, so nothing old can show under it.
/// </remarks>
internal static class RecordKey
{
    internal const int NodeBytes = 17;

    // Strict: two names that are no valid text must not become one key.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes the key of a node's record.</summary>
    internal static void Write(Span<byte> key, RecordKind kind, long node, long index)
    {
        key[0] = (byte)kind;
        BinaryPrimitives.WriteInt64BigEndian(key[1..], node);
        BinaryPrimitives.WriteInt64BigEndian(key[9..], index);
    }

    internal static byte[] OfNode(RecordKind kind, long node, long index = 0)
    {
        var key = new byte[NodeBytes];
        Write(key, kind, node, index);
        return key;
    }

    internal static byte[] OfStore(RecordKind kind) => [(byte)kind];

    /// <exception cref="ArgumentException">The name is no valid text.</exception>
    internal static byte[] OfName(string node) => [(byte)RecordKind.NodeName, .. Utf8.GetBytes(node)];

    internal static byte[] OfTombstone(Guid group) => [(byte)RecordKind.Tombstone, .. group.ToByteArray(bigEndian: true)];

    internal static long Index(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadInt64BigEndian(key[9..]);

    /// <summary>What the record is, for a message.</summary>
    internal static string Describe(ReadOnlySpan<byte> key) => (RecordKind)key[0] switch
    {
        RecordKind.Format => "the format version",
        RecordKind.StartCount => "the start count",
        RecordKind.NextNodeNumber => "the next node number",
        RecordKind.NodeName => $"the number of node {Encoding.UTF8.GetString(key[1..])}",
        RecordKind.Tombstone => "a deleted group",
        RecordKind.Identity => "the identity",
        RecordKind.HardState => "term and vote",
        RecordKind.LastIndex => "the index of the last entry",
        RecordKind.Base => "the base of the log",
        RecordKind.Snapshot => "the header of the snapshot",
        RecordKind.TermStart when key.Length == NodeBytes => $"the start of a term at {Index(key)}",
        RecordKind.Configuration when key.Length == NodeBytes => $"the mark of the configuration at {Index(key)}",
        RecordKind.Entry when key.Length == NodeBytes => $"entry {Index(key)}",
        _ => $"the record of key {Convert.ToHexString(key)}",
    };
}
