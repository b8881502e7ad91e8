using System.Buffers.Binary;
using System.IO.Hashing;

namespace LifeRaft.Storage.RocksDb;

/// <summary>
/// The checksum behind every stored value. It covers the key too, so that a value under a wrong key is damage. RocksDB has
/// checksums of its own per block and per write; this one covers what lies between them, and lets damage be named by record.
/// </summary>
internal static class RecordSeal
{
    /// <summary>Bytes after the content.</summary>
    internal const int Bytes = 8;

    /// <summary>Writes content and seal; <paramref name="sealed"/> is <see cref="Bytes"/> longer than the content.</summary>
    internal static void Close(ReadOnlySpan<byte> key, ReadOnlySpan<byte> content, Span<byte> @sealed)
    {
        content.CopyTo(@sealed);
        BinaryPrimitives.WriteUInt64LittleEndian(@sealed[content.Length..], Checksum(key, content));
    }

    /// <summary>Why the value is damaged, or null when it is whole.</summary>
    internal static string? Damage(ReadOnlySpan<byte> key, ReadOnlySpan<byte> @sealed)
    {
        if (@sealed.Length < Bytes)
        {
            return $"it has {@sealed.Length} bytes, fewer than its checksum";
        }

        var content = @sealed[..^Bytes];
        var stored = BinaryPrimitives.ReadUInt64LittleEndian(@sealed[content.Length..]);
        var computed = Checksum(key, content);
        return stored == computed ? null : $"its checksum is {stored:x16} but its {content.Length} bytes give {computed:x16}";
    }

    private static ulong Checksum(ReadOnlySpan<byte> key, ReadOnlySpan<byte> content) =>
        XxHash64.HashToUInt64(content, unchecked((long)XxHash64.HashToUInt64(key)));
}
