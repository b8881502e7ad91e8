using System.Buffers.Binary;

namespace LifeRaft.Protocol;

/// <summary>
/// How a <see cref="SnapshotHeader"/> is stored and sent: version 1, index 8, term 8, index of the configuration 8, length 8,
/// checksum 8, then the configuration as in its log entry; big-endian.
/// </summary>
public static class SnapshotHeaderCodec
{
    private const byte Version = 1;
    private const int FixedBytes = 41;

    /// <summary>Writes a header.</summary>
    public static byte[] Encode(SnapshotHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        var configuration = GroupConfigurationCodec.Encode(header.Configuration);
        var bytes = new byte[FixedBytes + configuration.Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), header.Index.Value);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(9), header.Term.Value);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(17), header.ConfigurationIndex.Value);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(25), header.Bytes);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(33), header.Checksum);
        configuration.CopyTo(bytes, FixedBytes);
        return bytes;
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="FormatException">The bytes are no header; the text says what is wrong with them.</exception>
    public static SnapshotHeader Decode(ReadOnlyMemory<byte> encoded)
    {
        var bytes = encoded.Span;
        if (bytes.Length < FixedBytes)
        {
            throw new FormatException($"The header of a snapshot has at least {FixedBytes} bytes; these are {bytes.Length}.");
        }

        if (bytes[0] != Version)
        {
            throw new FormatException($"The header of the snapshot is of version {bytes[0]}; this node reads version {Version}. Update the silo.");
        }

        var header = new SnapshotHeader(
            new LogPosition(new LogIndex(BinaryPrimitives.ReadInt64BigEndian(bytes[1..])), new Term(BinaryPrimitives.ReadInt64BigEndian(bytes[9..]))),
            new LogIndex(BinaryPrimitives.ReadInt64BigEndian(bytes[17..])),
            GroupConfigurationCodec.Decode(encoded[FixedBytes..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[25..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[33..]));
        return header.Index.Value >= 1 && header.Term.Value >= 1 && header.ConfigurationIndex.Value >= 1 && header.ConfigurationIndex <= header.Index && header.Bytes >= 0
            ? header
            : throw new FormatException($"There can be no {header} with its configuration at {header.ConfigurationIndex}: corrupt.");
    }
}
