using System.Buffers;
using System.Buffers.Binary;

namespace LifeRaft;

/// <summary>
/// Writes what has no fixed length: keys (length in 2 bytes, then UTF-8), values (length in 4 bytes, then the bytes), numbers (8 bytes).
/// All numbers are little-endian.
/// </summary>
/// <param name="capacity">How many bytes will probably be written.</param>
internal sealed class KeyValueWriter(int capacity = 256)
{
    private readonly ArrayBufferWriter<byte> _bytes = new(capacity);

    public int Length => _bytes.WrittenCount;

    public static int LengthOf(KeyValueEntry entry) => KeyValueKey.EncodedLength(entry.Key) + (3 * sizeof(long)) + sizeof(int) + entry.Value.Length;

    public KeyValueWriter Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
        return this;
    }

    public KeyValueWriter Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.GetSpan(sizeof(long)), value);
        _bytes.Advance(sizeof(long));
        return this;
    }

    /// <summary>Writes a key, or a text that may be empty and otherwise is like one.</summary>
    public KeyValueWriter Key(string key)
    {
        var length = KeyValueKey.EncodedLength(key);
        KeyValueKey.Write(key, _bytes.GetSpan(length));
        _bytes.Advance(length);
        return this;
    }

    public KeyValueWriter Value(ReadOnlyMemory<byte> value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.GetSpan(sizeof(int)), value.Length);
        _bytes.Advance(sizeof(int));
        _bytes.Write(value.Span);
        return this;
    }

    /// <summary>Writes key, version, revision, lease and value.</summary>
    public KeyValueWriter Entry(KeyValueEntry entry) =>
        Key(entry.Key).Int64(entry.Version).Int64(entry.Revision).Int64(entry.Lease).Value(entry.Value);

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();
}
