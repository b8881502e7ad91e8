namespace LifeRaft;

/// <summary>Which keys are read or watched. Keys are in ordinal order (of UTF-16), which is the same everywhere.</summary>
public sealed class KeyValueRange
{
    // Of the key itself, of the prefix, or from this key on.
    private readonly string _first;

    // For Between: up to here, exclusively; empty for no end.
    private readonly string _end;
    private readonly RangeKind _kind;

    private KeyValueRange(RangeKind kind, string first, string end = "")
    {
        (_kind, _first, _end) = (kind, first, end);
    }

    private enum RangeKind : byte
    {
        Prefix = 0,
        Key = 1,
        Between = 2,
    }

    /// <summary>All keys.</summary>
    public static KeyValueRange All { get; } = new(RangeKind.Prefix, "");

    /// <summary>The first key that may be in it.</summary>
    internal string First => _first;

    /// <summary>One key.</summary>
    /// <exception cref="InvalidRequestException">The key is empty, too long, or no text.</exception>
    public static KeyValueRange Key(string key)
    {
        KeyValueKey.Require(key);
        return new(RangeKind.Key, key);
    }

    /// <summary>The keys that begin so; all, if it is empty.</summary>
    /// <exception cref="InvalidRequestException">The prefix is too long, or no text.</exception>
    public static KeyValueRange Prefix(string prefix)
    {
        KeyValueKey.RequirePrefix(prefix);
        return new(RangeKind.Prefix, prefix);
    }

    /// <summary>The keys from one on, which is included, up to another, which is not.</summary>
    /// <param name="from">The first key; empty to begin at the beginning.</param>
    /// <param name="to">The key before which the range ends; empty for no end.</param>
    /// <exception cref="InvalidRequestException">The range ends before it begins, or one of the two is too long, or no text.</exception>
    public static KeyValueRange Between(string from, string to)
    {
        KeyValueKey.RequirePrefix(from);
        KeyValueKey.RequirePrefix(to);
        return to.Length == 0 || string.CompareOrdinal(from, to) <= 0
            ? new(RangeKind.Between, from, to)
            : throw new InvalidRequestException($"The range from '{from}' to '{to}' ends before it begins. Keys are in ordinal order.");
    }

    internal bool Contains(string key) => !IsBehind(key) && string.CompareOrdinal(key, _first) >= 0;

    /// <summary>Whether a key that is not before the first comes after the last.</summary>
    internal bool IsBehind(string key) => _kind switch
    {
        RangeKind.Key => key != _first,
        RangeKind.Prefix => !key.StartsWith(_first, StringComparison.Ordinal),
        _ => _end.Length > 0 && string.CompareOrdinal(key, _end) >= 0,
    };

    internal void Write(KeyValueWriter writer)
    {
        writer.Byte((byte)_kind).Key(_first);
        if (_kind == RangeKind.Between)
        {
            writer.Key(_end);
        }
    }

    /// <exception cref="FormatException">The bytes are no range.</exception>
    internal static KeyValueRange Read(ref KeyValueReader reader)
    {
        var kind = (RangeKind)reader.Byte();
        return kind switch
        {
            RangeKind.Key => new(kind, reader.Key()),
            RangeKind.Prefix => new(kind, reader.Prefix()),
            RangeKind.Between => new(kind, reader.Prefix(), reader.Prefix()),
            _ => throw new FormatException($"A range of kind {(byte)kind} is not known to this node. Update the silo."),
        };
    }
}
