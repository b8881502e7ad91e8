namespace LifeRaft;

/// <summary>How a condition compares what a key has with what it asks for. The numbers are in logs: they never change.</summary>
public enum KeyValueComparison : byte
{
    /// <summary>The key has exactly that.</summary>
    Equal = 0,

    /// <summary>The key has something else.</summary>
    NotEqual = 1,

    /// <summary>The key has more; of values, one that comes later byte by byte.</summary>
    Greater = 2,

    /// <summary>The key has less; of values, one that comes earlier byte by byte.</summary>
    Less = 3,
}

/// <summary>What a condition looks at. The numbers are in logs: they never change.</summary>
internal enum KeyValueSubject : byte
{
    Version = 1,
    Revision = 2,
    Lease = 3,
    Value = 4,
}

/// <summary>
/// What a transaction asks of one key. An absent key has version, revision and lease 0; of values it has none, so a condition on its
/// value never holds, whatever the comparison.
/// </summary>
public sealed class KeyValueCondition
{
    private KeyValueCondition(string key, KeyValueSubject subject, KeyValueComparison comparison, long number, ReadOnlyMemory<byte> bytes)
    {
        (Key, Subject, Comparison, Number, Bytes) = (key, subject, comparison, number, bytes);
    }

    /// <summary>The key.</summary>
    public string Key { get; }

    internal KeyValueSubject Subject { get; }

    internal KeyValueComparison Comparison { get; }

    internal long Number { get; }

    internal ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The key must be absent.</summary>
    /// <exception cref="InvalidRequestException">The key is empty, too long, or no text.</exception>
    public static KeyValueCondition Absent(string key) => Version(key, 0);

    /// <summary>The key must be there.</summary>
    /// <exception cref="InvalidRequestException">The key is empty, too long, or no text.</exception>
    public static KeyValueCondition Present(string key) => Version(key, 0, KeyValueComparison.Greater);

    /// <summary>How often the key was written since it was last absent.</summary>
    /// <exception cref="InvalidRequestException">The version is negative, or the key is empty, too long, or no text.</exception>
    public static KeyValueCondition Version(string key, long version, KeyValueComparison comparison = KeyValueComparison.Equal) =>
        OfNumber(key, KeyValueSubject.Version, comparison, version);

    /// <summary>The revision at which the key was written last.</summary>
    /// <exception cref="InvalidRequestException">The revision is negative, or the key is empty, too long, or no text.</exception>
    public static KeyValueCondition Revision(string key, long revision, KeyValueComparison comparison = KeyValueComparison.Equal) =>
        OfNumber(key, KeyValueSubject.Revision, comparison, revision);

    /// <summary>The lease with which the key ends; 0 for none.</summary>
    /// <exception cref="InvalidRequestException">The lease is negative, or the key is empty, too long, or no text.</exception>
    public static KeyValueCondition Lease(string key, long lease, KeyValueComparison comparison = KeyValueComparison.Equal) =>
        OfNumber(key, KeyValueSubject.Lease, comparison, lease);

    /// <summary>The key's value.</summary>
    /// <exception cref="InvalidRequestException">The key is empty, too long, or no text.</exception>
    public static KeyValueCondition Value(string key, ReadOnlyMemory<byte> value, KeyValueComparison comparison = KeyValueComparison.Equal)
    {
        KeyValueKey.Require(key);
        RequireComparison(comparison);
        return new(key, KeyValueSubject.Value, comparison, 0, value);
    }

    internal bool Holds(KeyValueEntry? current)
    {
        if (Subject == KeyValueSubject.Value)
        {
            return current is not null && Holds(current.Value.Span.SequenceCompareTo(Bytes.Span));
        }

        var number = Subject switch
        {
            KeyValueSubject.Version => current?.Version,
            KeyValueSubject.Revision => current?.Revision,
            _ => current?.Lease,
        };
        return Holds((number ?? 0).CompareTo(Number));
    }

    internal void Write(KeyValueWriter writer)
    {
        writer.Byte((byte)Subject).Byte((byte)Comparison).Key(Key);
        if (Subject == KeyValueSubject.Value)
        {
            writer.Value(Bytes);
        }
        else
        {
            writer.Int64(Number);
        }
    }

    /// <exception cref="FormatException">The bytes are no condition.</exception>
    internal static KeyValueCondition Read(ref KeyValueReader reader)
    {
        var (subject, comparison) = ((KeyValueSubject)reader.Byte(), (KeyValueComparison)reader.Byte());
        if (subject is < KeyValueSubject.Version or > KeyValueSubject.Value || comparison > KeyValueComparison.Less)
        {
            throw new FormatException($"A condition compares {(byte)subject} by {(byte)comparison}, which is none.");
        }

        var key = reader.Key();
        return subject == KeyValueSubject.Value
            ? new(key, subject, comparison, 0, reader.Value())
            : new(key, subject, comparison, reader.Count(), default);
    }

    private static KeyValueCondition OfNumber(string key, KeyValueSubject subject, KeyValueComparison comparison, long number)
    {
        KeyValueKey.Require(key);
        RequireComparison(comparison);
        return number >= 0
            ? new(key, subject, comparison, number, default)
            : throw new InvalidRequestException($"The {subject.ToString().ToLowerInvariant()} in a condition is 0 (absent, or none) or more, but is {number}.");
    }

    private static void RequireComparison(KeyValueComparison comparison)
    {
        if (comparison > KeyValueComparison.Less)
        {
            throw new InvalidRequestException($"There is no comparison {(byte)comparison}. Use one of {string.Join(", ", Enum.GetNames<KeyValueComparison>())}.");
        }
    }

    private bool Holds(int order) => Comparison switch
    {
        KeyValueComparison.Equal => order == 0,
        KeyValueComparison.NotEqual => order != 0,
        KeyValueComparison.Greater => order > 0,
        _ => order < 0,
    };
}
