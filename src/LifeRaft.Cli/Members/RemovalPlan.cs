namespace LifeRaft.Cli;

/// <summary>What the removal of a member would mean, before it is done.</summary>
internal static class RemovalPlan
{
    public static string Of(GroupReport group, string node)
    {
        var member = group.Members.FirstOrDefault(member => member.Address == node);
        if (member is null)
        {
            return $"{node} is no member of {group.Name}, as far as the silos that answer say.";
        }

        var voters = group.Members.Where(other => other.IsVoter && other != member).ToList();
        var canLose = voters.Count(other => other.IsUp) - ((voters.Count / 2) + 1);
        var leads = group.Leader == node ? ", which leads it," : "";
        return $"{node}{leads} would be removed from {group.Name} and its data deleted; the group would have {Figures.Count(voters.Count, "voter")} and {Reserve(canLose)}.";
    }

    /// <summary>What a group can still lose, for the end of a sentence about it.</summary>
    /// <param name="canLose">How many voters; below zero for how many it lacks.</param>
    public static string Reserve(int canLose) =>
        canLose < 0 ? "could not serve any more" : canLose == 0 ? "could lose no voter" : $"could lose {Figures.Count(canLose, "voter")}";
}
