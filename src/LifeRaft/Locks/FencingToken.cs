using System.Globalization;

namespace LifeRaft;

/// <summary>
/// What a holder shows to whatever the lock protects, so that a holder of before is refused there: of two holders the later one has the
/// larger token. It is the index of the log entry that granted the lock. Keep the largest <see cref="Value"/> seen, and refuse smaller ones.
/// </summary>
/// <remarks>
/// Tokens rise as long as the group lives: over changes of leader, restarts and snapshots. Readers, and holders of a semaphore, whom one
/// entry let in together have the same token; an exclusive holder shares its token with nobody who ever held the lock. A group that is
/// deleted and founded anew begins anew.
/// </remarks>
/// <param name="Value">The number. Zero is the token of nobody.</param>
[GenerateSerializer, Immutable, Alias("liferaft.FencingToken")]
public readonly record struct FencingToken([property: Id(0)] long Value) : IComparable<FencingToken>
{
    /// <summary>The token of nobody, smaller than all others.</summary>
    public static FencingToken None => default;

    /// <inheritdoc/>
    public int CompareTo(FencingToken other) => Value.CompareTo(other.Value);

    /// <summary>Whether the left holder came earlier.</summary>
    public static bool operator <(FencingToken left, FencingToken right) => left.Value < right.Value;

    /// <summary>Whether the left holder came later.</summary>
    public static bool operator >(FencingToken left, FencingToken right) => left.Value > right.Value;

    /// <summary>Whether the left holder did not come later.</summary>
    public static bool operator <=(FencingToken left, FencingToken right) => left.Value <= right.Value;

    /// <summary>Whether the left holder did not come earlier.</summary>
    public static bool operator >=(FencingToken left, FencingToken right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
