using LifeRaft.Protocol;

namespace LifeRaft;

/// <summary>A leadership that would move.</summary>
/// <param name="Group">The group's name.</param>
/// <param name="From">The address of its leader.</param>
/// <param name="To">The address of the voter that would lead.</param>
public sealed record LeaderMove(string Group, string From, string To);

/// <summary>What became of a move.</summary>
/// <param name="Move">The move.</param>
/// <param name="Problem">Why it did not happen; null when it did.</param>
public sealed record LeaderMoveResult(LeaderMove Move, string? Problem);

/// <summary>Spreads leaders over silos: no silo leads two groups more than another one that could lead one of them.</summary>
internal static class LeaderBalance
{
    /// <summary>A voter that lacks more entries than this would keep the group waiting.</summary>
    private const long Lag = 100;

    public static IReadOnlyList<LeaderMove> Plan(ClusterReport report)
    {
        var able = report.Silos.Where(silo => silo is { IsActive: true, IsDrained: false }).Select(silo => silo.Name).ToHashSet(StringComparer.Ordinal);
        var groups = report.Groups.Where(group => group.Leader.Length > 0).ToDictionary(group => group.Name, StringComparer.Ordinal);
        var leads = groups.Values.GroupBy(group => SiloOf(group.Leader), StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        var leaders = groups.ToDictionary(group => group.Key, group => group.Value.Leader, StringComparer.Ordinal);

        // Each step takes one from who leads most and gives it to who leads least of those who can have it; it ends, for each step makes
        // the sum of the squares smaller.
        while (BestMove() is { } move)
        {
            leads[SiloOf(move.From)]--;
            leads[SiloOf(move.To)] = leads.GetValueOrDefault(SiloOf(move.To)) + 1;
            leaders[move.Group] = move.To;
        }

        return [.. groups.Values
            .Where(group => leaders[group.Name] != group.Leader)
            .Select(group => new LeaderMove(group.Name, group.Leader, leaders[group.Name]))
            .OrderBy(move => move.Group, StringComparer.Ordinal)];

        LeaderMove? BestMove() => (
            from leader in leaders
            from member in groups[leader.Key].Members
            where member.Address != leader.Value && IsAble(member, groups[leader.Key].Leader)
            let gain = Weight(leader.Value) - leads.GetValueOrDefault(SiloOf(member.Address))
            where gain >= 2
            orderby gain descending, leader.Key, member.Address
            select new LeaderMove(leader.Key, leader.Value, member.Address)).FirstOrDefault();

        // A drained silo gives away everything.
        long Weight(string address) => able.Contains(SiloOf(address)) ? leads[SiloOf(address)] : int.MaxValue;

        bool IsAble(GroupMember member, string leader) => member is { IsVoter: true, IsUp: true }
            && able.Contains(SiloOf(member.Address))
            && (member.Address == leader || member.Peer is { IsReachable: true, Refusal: null, Lag: <= Lag });
    }

    private static string SiloOf(string address) => NodeAddress.Parse(address).Silo;
}
