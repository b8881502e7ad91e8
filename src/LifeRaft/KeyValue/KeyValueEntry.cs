namespace LifeRaft;

/// <summary>One key of a <see cref="KeyValueStore"/>. Two are equal when all of this is, the value byte by byte.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
/// <param name="Version">1 at the first write after the key was absent, and one more with each write.</param>
/// <param name="Revision">
/// The revision of the store at which this was written: the log index of the command. It rises with every change of any key, also where a
/// key is deleted and written again, so it never comes twice.
/// </param>
/// <param name="Lease">The lease with which the key ends; 0 if it stays until it is deleted.</param>
[GenerateSerializer]
[Alias("liferaft.kv.entry")]
public sealed record KeyValueEntry(
    [property: Id(0)] string Key,
    [property: Id(1)] ReadOnlyMemory<byte> Value,
    [property: Id(2)] long Version,
    [property: Id(3)] long Revision = 0,
    [property: Id(4)] long Lease = 0)
{
    /// <inheritdoc/>
    public bool Equals(KeyValueEntry? other) =>
        other is not null && Key == other.Key && Version == other.Version && Revision == other.Revision && Lease == other.Lease
        && Value.Span.SequenceEqual(other.Value.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Key, Version, Revision, Lease, Value.Length);
}
