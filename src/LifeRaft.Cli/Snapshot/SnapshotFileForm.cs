using System.Buffers.Binary;
using System.Text.Json;

namespace LifeRaft.Cli;

/// <summary>
/// The form of a saved snapshot: the letters LRSNAPSH (8 bytes), the version of the form (2), the length of the header (4), the header
/// as JSON, the content as a node holds it, and the SHA-256 of all that (32). Numbers are little-endian.
/// </summary>
internal static class SnapshotFileForm
{
    public const int HashBytes = 32;
    public const int PreambleBytes = 8 + sizeof(ushort) + sizeof(int);
    private const ushort Version = 1;
    private const int LongestHeader = 1024 * 1024;

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    private static ReadOnlySpan<byte> Magic => "LRSNAPSH"u8;

    /// <summary>What stands before the content.</summary>
    public static byte[] Head(SnapshotFileHeader header)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(header, _json);
        var bytes = new byte[PreambleBytes + json.Length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(10), json.Length);
        json.CopyTo(bytes, PreambleBytes);
        return bytes;
    }

    /// <summary>The length of the header that follows these bytes.</summary>
    /// <exception cref="FormatException">They do not begin a saved snapshot.</exception>
    public static int HeaderLength(ReadOnlySpan<byte> preamble)
    {
        if (!preamble.StartsWith(Magic))
        {
            throw new FormatException("it is no saved snapshot of LifeRaft");
        }

        var version = BinaryPrimitives.ReadUInt16LittleEndian(preamble[8..]);
        if (version != Version)
        {
            throw new FormatException($"it is of form {version}, and this tool reads form {Version}; use the tool that saved it");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(preamble[10..]);
        return length is > 0 and <= LongestHeader ? length : throw new FormatException($"its header claims {length} bytes");
    }

    /// <exception cref="FormatException">The bytes are no header.</exception>
    public static SnapshotFileHeader Header(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<SnapshotFileHeader>(json, _json) is { Bytes: >= 0, Index: > 0, Term: > 0, Machine: not null, Group: not null } header
                ? header
                : throw new FormatException("its header says nothing that can be");
        }
        catch (JsonException failure)
        {
            throw new FormatException($"its header cannot be read: {failure.Message}", failure);
        }
    }
}
