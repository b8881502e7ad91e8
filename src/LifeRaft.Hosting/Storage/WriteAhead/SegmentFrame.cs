using System.Buffers.Binary;
using System.IO.Hashing;

namespace LifeRaft.Hosting;

/// <summary>
/// One commit on disk: its length, its number, a checksum, and its records. The checksum covers the store, the segment and the number,
/// too, so that nothing that an earlier use of the same blocks left, and nothing that a user writes, is taken for a frame.
/// </summary>
internal static class SegmentFrame
{
    public const int HeaderBytes = 32;

    private const ulong Magic = 0x454D415246574152;

    /// <summary>How long a frame of so many bytes of records is: frames begin at multiples of eight.</summary>
    public static long Length(long records) => (HeaderBytes + records + 7) & ~7L;

    /// <summary>Writes the header before the records, which begin at <see cref="HeaderBytes"/>.</summary>
    public static void Close(Span<byte> frame, int records, SegmentHeader segment, long number)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(frame, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(frame[8..], records);
        BinaryPrimitives.WriteInt64LittleEndian(frame[16..], number);
        BinaryPrimitives.WriteUInt64LittleEndian(frame[24..], Checksum(frame.Slice(HeaderBytes, records), segment, number));
        frame[(HeaderBytes + records)..].Clear();
    }

    /// <summary>The number of the whole frame that begins there, and how many bytes of records it has; null when none does.</summary>
    public static (long Number, int Records)? Open(ReadOnlySpan<byte> bytes, SegmentHeader segment)
    {
        if (bytes.Length < HeaderBytes || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Magic)
        {
            return null;
        }

        var records = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        var number = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        return records >= 0 && records <= bytes.Length - HeaderBytes
            && BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]) == Checksum(bytes.Slice(HeaderBytes, (int)records), segment, number)
            ? (number, (int)records)
            : null;
    }

    /// <summary>Whether a frame of that number was begun there, whole or not.</summary>
    public static bool IsBegun(ReadOnlySpan<byte> bytes, long number) =>
        bytes.Length >= HeaderBytes && BinaryPrimitives.ReadUInt64LittleEndian(bytes) == Magic && BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]) == number;

    /// <summary>Where a whole frame of a later number begins, at or after that place; -1 for nowhere.</summary>
    public static long FindLater(ReadOnlySpan<byte> bytes, long from, long number, SegmentHeader segment)
    {
        for (var at = from; at + HeaderBytes <= bytes.Length; at += 8)
        {
            if (Open(bytes[(int)at..], segment) is { } frame && frame.Number >= number)
            {
                return at;
            }
        }

        return -1;
    }

    private static ulong Checksum(ReadOnlySpan<byte> records, SegmentHeader segment, long number)
    {
        Span<byte> place = stackalloc byte[32];
        segment.Store.TryWriteBytes(place);
        BinaryPrimitives.WriteInt64LittleEndian(place[16..], segment.IsKept ? -segment.Sequence : segment.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(place[24..], number);
        return XxHash64.HashToUInt64(records, unchecked((long)XxHash64.HashToUInt64(place)));
    }
}
