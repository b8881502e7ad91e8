using System.Buffers.Binary;
using System.IO.Hashing;

namespace LifeRaft.Hosting;

/// <summary>The first block of a segment.</summary>
/// <param name="Store">The id of the store, drawn when it was made.</param>
/// <param name="Sequence">The segment's number; they rise in the order in which segments are written.</param>
/// <param name="IsKept">Whether it is a copy of what was still needed of the segment of that number.</param>
/// <param name="FirstFrame">The number of its first frame.</param>
internal sealed record SegmentHeader(Guid Store, long Sequence, bool IsKept, long FirstFrame)
{
    /// <summary>A block of the device: what is in it is written and lost together.</summary>
    public const int Bytes = 4096;

    private const ulong Magic = 0x31474F4C41575246; // "FRWALOG1"
    private const int ChecksumAt = 48;

    public byte[] Encode()
    {
        var bytes = new byte[Bytes];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Magic);
        bytes[8] = IsKept ? (byte)1 : (byte)0;
        Store.TryWriteBytes(bytes.AsSpan(16));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(32), Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(40), FirstFrame);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(ChecksumAt), XxHash64.HashToUInt64(bytes.AsSpan(0, ChecksumAt)));
        return bytes;
    }

    /// <summary>Reads a header; null when these bytes are none.</summary>
    public static SegmentHeader? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Bytes
            || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Magic
            || BinaryPrimitives.ReadUInt64LittleEndian(bytes[ChecksumAt..]) != XxHash64.HashToUInt64(bytes[..ChecksumAt]))
        {
            return null;
        }

        return new SegmentHeader(
            new Guid(bytes[16..32]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
            bytes[8] == 1,
            BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]));
    }
}
