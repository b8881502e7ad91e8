using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace LifeRaft;

/// <summary>
/// Writes the fields of what the membership's system group stores and sends: numbers big-endian, texts and bytes with their length in 4
/// bytes before them, which is -1 for a text that is null.
/// </summary>
internal sealed class FieldWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new(256);

    public FieldWriter Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
        return this;
    }

    public FieldWriter Truth(bool value) => Byte(value ? (byte)1 : (byte)0);

    public FieldWriter Int32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_bytes.GetSpan(sizeof(int)), value);
        _bytes.Advance(sizeof(int));
        return this;
    }

    public FieldWriter Int64(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_bytes.GetSpan(sizeof(long)), value);
        _bytes.Advance(sizeof(long));
        return this;
    }

    public FieldWriter Id(Guid value)
    {
        const int Length = 16;
        value.TryWriteBytes(_bytes.GetSpan(Length));
        _bytes.Advance(Length);
        return this;
    }

    public FieldWriter Text(string? value)
    {
        if (value is null)
        {
            return Int32(-1);
        }

        var length = Encoding.UTF8.GetByteCount(value);
        Int32(length);
        Encoding.UTF8.GetBytes(value, _bytes.GetSpan(length));
        _bytes.Advance(length);
        return this;
    }

    public FieldWriter Texts(IReadOnlyCollection<string> values)
    {
        Int32(values.Count);
        foreach (var value in values)
        {
            Text(value);
        }

        return this;
    }

    /// <summary>The bytes, to the end: what reads them takes the rest.</summary>
    public FieldWriter Rest(ReadOnlySpan<byte> value)
    {
        _bytes.Write(value);
        return this;
    }

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();
}
