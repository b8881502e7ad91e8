using LifeRaft.Protocol;

namespace LifeRaft.Cli;

/// <summary>What the replacement of a member would mean, before it is done.</summary>
internal static class ReplacementPlan
{
    /// <param name="group">The group, as the silos that answer say.</param>
    /// <param name="running">The silos that run.</param>
    /// <param name="old">The member that goes.</param>
    /// <param name="by">The node that comes.</param>
    /// <exception cref="MembershipException">There is no such member, or it is to take its own place.</exception>
    /// <exception cref="NodeUnavailableException">The silo of the node that is to come does not run.</exception>
    public static string Of(GroupReport group, IReadOnlyList<string> running, string old, string by)
    {
        var goes = group.Members.FirstOrDefault(member => member.Address == old);
        var comes = group.Members.FirstOrDefault(member => member.Address == by);
        if (goes is null && comes is { IsVoter: true })
        {
            return $"{by} is a voter of {group.Name} already, and {old} is no member: nothing would be changed.";
        }

        if (goes is null || old == by)
        {
            throw new MembershipException(goes is null
                ? $"{group.Name} has no member {old} to replace; its members are {string.Join(", ", group.Members.Select(member => member.Address))}."
                : $"{old} cannot take its own place. If its disk was lost, let it join again.");
        }

        var silo = NodeAddress.Parse(by).Silo;
        if (!running.Contains(silo))
        {
            throw new NodeUnavailableException($"{by} lives on silo '{silo}', which is not running; nothing was changed. Running are: {string.Join(", ", running.Order(StringComparer.Ordinal))}.");
        }

        var others = group.Members.Where(member => member.IsVoter && member != goes && member != comes).ToList();
        var voters = others.Count + 1;
        var canLose = others.Count(member => member.IsUp) + 1 - ((voters / 2) + 1);
        var leads = group.Leader == old ? ", which leads it and" : ",";
        var now = group.Health == GroupHealth.NoQuorum ? " But too few of its voters are there now to agree on it: bring one back first." : "";
        return $"{by} would become a voter of {group.Name} in the place of {old}{leads} whose data would be deleted; the group would have {Figures.Count(voters, "voter")} and {RemovalPlan.Reserve(canLose)}.{now}";
    }
}
