namespace LifeRaft;

/// <summary>One key of a <see cref="KeyValueStore"/>. Two are equal when key, version and the bytes of the value are.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
/// <param name="Version">1 at the first write after the key was absent, and one more with each write.</param>
[GenerateSerializer]
[Alias("liferaft.kv.entry")]
public sealed record KeyValueEntry([property: Id(0)] string Key, [property: Id(1)] ReadOnlyMemory<byte> Value, [property: Id(2)] long Version)
{
    /// <inheritdoc/>
    public bool Equals(KeyValueEntry? other) =>
        other is not null && Key == other.Key && Version == other.Version && Value.Span.SequenceEqual(other.Value.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Key, Version, Value.Length);
}
