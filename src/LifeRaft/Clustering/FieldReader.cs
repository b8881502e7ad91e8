using System.Buffers.Binary;
using System.Text;

namespace LifeRaft;

/// <summary>Reads what <see cref="FieldWriter"/> has written, from front to back.</summary>
/// <param name="bytes">What is to be read.</param>
internal struct FieldReader(ReadOnlyMemory<byte> bytes)
{
    private ReadOnlyMemory<byte> _rest = bytes;

    /// <exception cref="FormatException">The bytes end before.</exception>
    public byte Byte() => Take(sizeof(byte)).Span[0];

    /// <exception cref="FormatException">The bytes end before.</exception>
    public bool Truth() => Byte() != 0;

    /// <exception cref="FormatException">The bytes end before.</exception>
    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int)).Span);

    /// <exception cref="FormatException">The bytes end before.</exception>
    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Take(sizeof(long)).Span);

    /// <exception cref="FormatException">The bytes end before.</exception>
    public Guid Id() => new(Take(16).Span);

    /// <exception cref="FormatException">The bytes end before.</exception>
    public string? TextOrNull() => Int32() is var length and >= 0 ? Encoding.UTF8.GetString(Take(length).Span) : null;

    /// <exception cref="FormatException">The bytes end before, or there is no text.</exception>
    public string Text() => TextOrNull() ?? throw new FormatException("A text is missing.");

    /// <summary>How many of something follow; each takes a byte at least, so the number is not more than the bytes that are left.</summary>
    /// <exception cref="FormatException">It is, or the bytes end before.</exception>
    public int Count()
    {
        var count = Int32();
        return count >= 0 && count <= _rest.Length ? count : throw new FormatException($"{count} parts cannot follow in {_rest.Length} bytes.");
    }

    /// <exception cref="FormatException">The bytes end before.</exception>
    public IReadOnlyList<string> Texts()
    {
        var texts = new string[Count()];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = Text();
        }

        return texts;
    }

    /// <summary>What is left.</summary>
    public ReadOnlyMemory<byte> Rest() => Take(_rest.Length);

    /// <exception cref="FormatException">More follows.</exception>
    public readonly void End()
    {
        if (!_rest.IsEmpty)
        {
            throw new FormatException($"{_rest.Length} bytes follow where nothing should.");
        }
    }

    /// <exception cref="FormatException">The bytes end before.</exception>
    public ReadOnlyMemory<byte> Take(int length)
    {
        if (length < 0 || length > _rest.Length)
        {
            throw new FormatException($"The bytes are cut short: {length} should follow, and {_rest.Length} do.");
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
