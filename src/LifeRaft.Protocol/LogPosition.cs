namespace LifeRaft.Protocol;

/// <summary>An entry by index and term: two logs that have the same position agree on everything up to it (Raft paper, 5.3).</summary>
public readonly record struct LogPosition(LogIndex Index, Term Term)
{
    /// <summary>Before the first entry.</summary>
    public static LogPosition Zero => default;

    /// <inheritdoc/>
    public override string ToString() => $"{Index}@{Term}";
}
