using System.Buffers.Binary;

namespace LifeRaft;

/// <summary>Reads what <see cref="KeyValueWriter"/> has written, from front to back. Values are parts of the bytes, not copies.</summary>
/// <param name="bytes">What is to be read.</param>
internal struct KeyValueReader(ReadOnlyMemory<byte> bytes)
{
    private ReadOnlyMemory<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <exception cref="FormatException">The bytes end before.</exception>
    public byte Byte() => Take(sizeof(byte)).Span[0];

    /// <exception cref="FormatException">The bytes end before.</exception>
    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)).Span);

    /// <summary>A number that cannot be negative.</summary>
    /// <exception cref="FormatException">It is, or the bytes end before.</exception>
    public long Count()
    {
        var count = Int64();
        return count >= 0 ? count : throw new FormatException($"A number of {count} is less than zero.");
    }

    /// <exception cref="FormatException">There is no key.</exception>
    public string Key() => KeyValueKey.Read(_rest, out _rest);

    /// <summary>A text that may be empty, and otherwise is like a key.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public string Prefix() => KeyValueKey.ReadPrefix(_rest, out _rest);

    /// <exception cref="FormatException">The bytes end before.</exception>
    public ReadOnlyMemory<byte> Value() => Take(BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)).Span));

    /// <exception cref="FormatException">The bytes end before.</exception>
    public KeyValueEntry Entry()
    {
        var key = Key();
        var (version, revision, lease) = (Count(), Count(), Int64());
        return new KeyValueEntry(key, Value(), version, revision, lease);
    }

    /// <exception cref="FormatException">More follows.</exception>
    public readonly void End()
    {
        if (!_rest.IsEmpty)
        {
            throw new FormatException($"{_rest.Length} bytes follow where nothing should.");
        }
    }

    private ReadOnlyMemory<byte> Take(int length)
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
