using LifeRaft.Protocol;

namespace LifeRaft;

/// <summary>How far a member is that is to vote, and so has to have the log first; as its leader says.</summary>
/// <param name="Address">The member's address.</param>
/// <param name="Match">The last entry that is known to be durable there.</param>
/// <param name="Last">The last entry of the leader.</param>
/// <param name="Snapshot">How much of a snapshot it has, as a share of 1, while it is sent one; null otherwise.</param>
public sealed record CatchUp(string Address, LogIndex Match, LogIndex Last, double? Snapshot)
{
    /// <summary>Whether it has come further than it had.</summary>
    internal bool IsFurtherThan(CatchUp? before) => before is null ? Match > LogIndex.Zero || Snapshot > 0 : Match > before.Match || (Snapshot ?? 0) > (before.Snapshot ?? 0);

    /// <inheritdoc/>
    public override string ToString() => Snapshot is { } share ? $"{Address} has {share:0 %} of a snapshot" : $"{Address} has the log up to entry {Match} of {Last}";
}
