namespace LifeRaft;

/// <summary>What the silos of a cluster said at one moment. What a silo did not say in time is missing, and named.</summary>
public sealed class ClusterReport
{
    internal ClusterReport(DateTimeOffset at, IReadOnlyList<SiloReport> silos, IReadOnlyList<SilentSilo> silent)
    {
        var missing = silent.ToDictionary(silo => silo.Name, silo => silo.Problem, StringComparer.Ordinal);
        var nodes = silos.SelectMany(silo => silo.Nodes).ToList();
        foreach (var silo in nodes.SelectMany(node => node.Members).Select(member => NodeAddress.Parse(member.Address).Silo).Except(silos.Select(silo => silo.Name)))
        {
            missing.TryAdd(silo, $"{silo} does not run");
        }

        At = at;
        Silos = silos;
        Silent = [.. missing.OrderBy(silo => silo.Key, StringComparer.Ordinal).Select(silo => new SilentSilo(silo.Key, silo.Value))];
        Groups = [.. nodes
            .GroupBy(node => node.Group, StringComparer.Ordinal)
            .Select(group => GroupJudgement.Judge(group.Key, group, missing))
            .Where(group => group.Members.Count > 0)
            .OrderByDescending(group => group.Health)
            .ThenBy(group => group.Name, StringComparer.Ordinal)];
    }

    /// <summary>When the silo that was asked put it together, by its clock.</summary>
    public DateTimeOffset At { get; }

    /// <summary>What the silos said, ordered by name.</summary>
    public IReadOnlyList<SiloReport> Silos { get; }

    /// <summary>The silos that should run, or that a group has members on, and that said nothing; ordered by name.</summary>
    public IReadOnlyList<SilentSilo> Silent { get; }

    /// <summary>The groups, those with the worst health first, then by name.</summary>
    public IReadOnlyList<GroupReport> Groups { get; }

    /// <summary>
    /// Whether the voters of the cluster's membership would have no majority if this silo went away now: no silo could join, leave or be
    /// evicted then. False where the membership is kept elsewhere, or has no majority already.
    /// </summary>
    /// <param name="silo">A silo's name.</param>
    public bool IsMembershipCriticalWithout(string silo)
    {
        var voters = Silos.SelectMany(each => each.MembershipVoters).Distinct(StringComparer.Ordinal).ToList();
        var up = Silos.Where(each => each.VotesOnMembership && voters.Contains(each.Name)).Select(each => each.Name).ToList();
        return up.Contains(silo) && up.Count == (voters.Count / 2) + 1;
    }

    /// <summary>
    /// The groups that would be left without a quorum if this silo went away now, by name: do not stop it. Those that have none already are
    /// not among them.
    /// </summary>
    /// <param name="silo">A silo's name.</param>
    public IReadOnlyList<GroupReport> CriticalWithout(string silo) =>
        [.. Groups.Where(group => group.CanLose >= 0 && group.CanLose < group.Members.Count(member => member is { IsVoter: true, IsUp: true } && NodeAddress.Parse(member.Address).Silo == silo))];
}
