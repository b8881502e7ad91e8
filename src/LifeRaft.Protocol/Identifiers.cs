namespace LifeRaft.Protocol;

/// <summary>A Raft term: a period with at most one leader (Raft paper, 5.1). Zero is before the first election.</summary>
public readonly record struct Term(long Value) : IComparable<Term>
{
    /// <summary>The term of a node that has taken part in no election.</summary>
    public static Term Zero => default;

    /// <inheritdoc/>
    public int CompareTo(Term other) => Value.CompareTo(other.Value);

    /// <summary>The term that lies <paramref name="count"/> elections later.</summary>
    public static Term operator +(Term term, long count) => new(term.Value + count);

    /// <summary>Whether the left term is older.</summary>
    public static bool operator <(Term left, Term right) => left.Value < right.Value;

    /// <summary>Whether the left term is newer.</summary>
    public static bool operator >(Term left, Term right) => left.Value > right.Value;

    /// <summary>Whether the left term is not newer.</summary>
    public static bool operator <=(Term left, Term right) => left.Value <= right.Value;

    /// <summary>Whether the left term is not older.</summary>
    public static bool operator >=(Term left, Term right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The position of an entry in the log. The first entry has index 1; zero is the empty log.</summary>
public readonly record struct LogIndex(long Value) : IComparable<LogIndex>
{
    /// <summary>The position before the first entry.</summary>
    public static LogIndex Zero => default;

    /// <summary>The position of the first entry.</summary>
    public static LogIndex First => new(1);

    /// <inheritdoc/>
    public int CompareTo(LogIndex other) => Value.CompareTo(other.Value);

    /// <summary>The position <paramref name="count"/> entries later.</summary>
    public static LogIndex operator +(LogIndex index, long count) => new(index.Value + count);

    /// <summary>The position <paramref name="count"/> entries earlier.</summary>
    public static LogIndex operator -(LogIndex index, long count) => new(index.Value - count);

    /// <summary>How many entries lie between two positions.</summary>
    public static long operator -(LogIndex left, LogIndex right) => left.Value - right.Value;

    /// <summary>Whether the left position is earlier.</summary>
    public static bool operator <(LogIndex left, LogIndex right) => left.Value < right.Value;

    /// <summary>Whether the left position is later.</summary>
    public static bool operator >(LogIndex left, LogIndex right) => left.Value > right.Value;

    /// <summary>Whether the left position is not later.</summary>
    public static bool operator <=(LogIndex left, LogIndex right) => left.Value <= right.Value;

    /// <summary>Whether the left position is not earlier.</summary>
    public static bool operator >=(LogIndex left, LogIndex right) => left.Value >= right.Value;

    /// <summary>The earlier of two positions.</summary>
    public static LogIndex Min(LogIndex left, LogIndex right) => left < right ? left : right;

    /// <summary>The later of two positions.</summary>
    public static LogIndex Max(LogIndex left, LogIndex right) => left > right ? left : right;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>
/// One membership of one node, drawn at random when the node is admitted and never used twice: who is removed and joins again
/// is another member, so that its old acknowledgements and votes count for nobody.
/// </summary>
public readonly record struct MemberId(Guid Value)
{
    /// <summary>No member.</summary>
    public static MemberId None => default;

    /// <summary>Whether this names no member.</summary>
    public bool IsNone => Value == Guid.Empty;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("N")[..8];
}

/// <summary>
/// One founding of one group, drawn at random when the group is founded. Two groups of one name never share it, so they never
/// merge.
/// </summary>
public readonly record struct GroupId(Guid Value)
{
    /// <summary>No group.</summary>
    public static GroupId None => default;

    /// <summary>Whether this names no group.</summary>
    public bool IsNone => Value == Guid.Empty;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("N")[..8];
}
