using System.Buffers.Binary;
using System.Numerics;

namespace LifeRaft.Storage.RocksDb;

/// <summary>
/// Reads one write-ahead log file of RocksDB as far as it is whole, and tells what follows the first damage.
/// </summary>
/// <remarks>
/// The form is RocksDB's and LevelDB's ("Write Ahead Log File Format" in its wiki), unchanged since 2011: blocks of 32 KiB hold
/// fragments; a fragment is a masked CRC-32C 4, a length 2, a type 1 (all little-endian) and bytes, and never crosses a block; a
/// record is one full fragment, or a first one, middle ones and a last one. Its bytes are a write batch, which begins with its
/// sequence number 8 and the count of its changes 4.
/// </remarks>
internal sealed class WalFile
{
    private const int BlockBytes = 32 * 1024;
    private const int HeaderBytes = 7;
    private const int BatchHeaderBytes = 12;
    private const byte Full = 1;
    private const byte First = 2;
    private const byte Middle = 3;
    private const byte Last = 4;

    // The first bytes of the record that is being read; they may be spread over two fragments.
    private readonly byte[] _batchHeader = new byte[BatchHeaderBytes];
    private int _batchHeaderLength;
    private bool _isInsideRecord;

    private WalFile(string path) => Name = Path.GetFileName(path);

    internal string Name { get; }

    /// <summary>Sequence number of the first change in the file; null when it holds no whole record.</summary>
    internal ulong? FirstSequence { get; private set; }

    /// <summary>Sequence number that follows the last whole record.</summary>
    internal ulong? NextSequence { get; private set; }

    /// <summary>Byte at which the first damage lies; null when there is none.</summary>
    internal long? DamageOffset { get; private set; }

    /// <summary>Byte after the damage at which a good record begins; null when there is none, so that the damage is the tail.</summary>
    internal long? GoodRecordAfterDamageOffset { get; private set; }

    internal static bool IsWal(string path) =>
        Path.GetExtension(path) == ".log" && ulong.TryParse(Path.GetFileNameWithoutExtension(path), out _);

    internal static WalFile Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BlockBytes);
        var file = new WalFile(path);
        var block = new byte[BlockBytes];
        for (var blockOffset = 0L; file.GoodRecordAfterDamageOffset is null; blockOffset += BlockBytes)
        {
            var length = stream.ReadAtLeast(block, BlockBytes, throwOnEndOfStream: false);
            if (length == 0)
            {
                break;
            }

            file.ReadBlock(block.AsSpan(0, length), blockOffset);
        }

        return file;
    }

    private void ReadBlock(ReadOnlySpan<byte> block, long blockOffset)
    {
        var offset = 0;
        if (DamageOffset is null)
        {
            offset = ReadFragments(block);
            if (offset == block.Length)
            {
                return;
            }

            DamageOffset = blockOffset + offset;
        }

        if (FindRecordStart(block, offset) is { } found)
        {
            GoodRecordAfterDamageOffset = blockOffset + found;
        }
    }

    /// <summary>Reads whole fragments; returns where the first bytes lie that are none, or the end of the block.</summary>
    private int ReadFragments(ReadOnlySpan<byte> block)
    {
        var offset = 0;
        while (offset < block.Length)
        {
            if (block.Length == BlockBytes && block.Length - offset < HeaderBytes)
            {
                return block.Length; // The end of a full block is too short for a fragment and is filled with zeros.
            }

            if (!TryReadFragment(block[offset..], out var type, out var content) || !TryFollow(type, content))
            {
                return offset;
            }

            offset += HeaderBytes + content.Length;
        }

        return offset;
    }

    /// <summary>Adds a fragment to the record that is being read; false when it does not belong there.</summary>
    private bool TryFollow(byte type, ReadOnlySpan<byte> content)
    {
        var begins = type is Full or First;
        if (type <= Last && begins == _isInsideRecord)
        {
            return false;
        }

        _isInsideRecord = type is First or Middle;
        if (begins)
        {
            _batchHeaderLength = 0;
        }

        var missing = content[..Math.Min(content.Length, BatchHeaderBytes - _batchHeaderLength)];
        missing.CopyTo(_batchHeader.AsSpan(_batchHeaderLength));
        _batchHeaderLength += missing.Length;
        if (type is Full or Last && _batchHeaderLength == BatchHeaderBytes)
        {
            var sequence = BinaryPrimitives.ReadUInt64LittleEndian(_batchHeader);
            FirstSequence ??= sequence;
            NextSequence = sequence + BinaryPrimitives.ReadUInt32LittleEndian(_batchHeader.AsSpan(8));
        }

        return true;
    }

    private static int? FindRecordStart(ReadOnlySpan<byte> block, int from)
    {
        for (var offset = from; offset + HeaderBytes + 1 <= block.Length; offset++)
        {
            if (block[offset + 6] is Full or First && TryReadFragment(block[offset..], out _, out var content) && content.Length > 0)
            {
                return offset;
            }
        }

        return null;
    }

    private static bool TryReadFragment(ReadOnlySpan<byte> bytes, out byte type, out ReadOnlySpan<byte> content)
    {
        type = 0;
        content = [];
        if (bytes.Length < HeaderBytes)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        if (bytes.Length < HeaderBytes + length || Crc(bytes[6..(HeaderBytes + length)]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes))
        {
            return false;
        }

        type = bytes[6];
        content = bytes[HeaderBytes..(HeaderBytes + length)];
        return true;
    }

    /// <summary>CRC-32C, masked as LevelDB does so that a checksum of bytes that contain checksums stays a good one.</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return unchecked(BitOperations.RotateRight(~crc, 15) + 0xa282ead8u);
    }
}
