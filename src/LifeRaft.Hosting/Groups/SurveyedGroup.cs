using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>The group of a name, as the nodes on the silos that answered say.</summary>
internal static class SurveyedGroup
{
    /// <summary>The view of the member that knows most; null when nobody knows the group.</summary>
    /// <exception cref="GroupConflictException">There are two.</exception>
    public static NodeStatus? Among(IEnumerable<NodeStatus> nodes, GroupName name)
    {
        var members = nodes.Where(node => !node.Group.IsNone && node.Members.Count > 0 && node.State != RaftState.Stopped).ToList();
        var groups = members.Select(node => node.Group).Distinct().ToList();
        return groups.Count <= 1
            ? members.MaxBy(node => node.Commit.Value)
            : throw new GroupConflictException($"There are {groups.Count} groups named {name}: {string.Join(" and ", groups)}, on {string.Join(", ", members.Select(node => $"{node.Address} ({node.Group})"))}. They never merge; end the nodes of the one that is not wanted.");
    }
}
