using System.CommandLine;
using LifeRaft.Protocol;

namespace LifeRaft.Cli;

/// <summary>Which node of a group is looked at.</summary>
internal static class NodeChoice
{
    /// <summary>The option that names one.</summary>
    public static Option<string?> Option(string what) => new("--node")
    {
        Description = $"The node {what}, for instance 1@silo-a. [default: the leader; without one, the node that has applied most]",
        HelpName = "address",
    };

    /// <exception cref="GroupUnavailableException">No node of the group answers.</exception>
    /// <exception cref="InvalidNameException">The address is malformed.</exception>
    public static async Task<string> Of(RaftGroup group, string? address, CancellationToken cancellationToken)
    {
        if (address is not null)
        {
            return NodeAddress.Parse(address).ToString();
        }

        var nodes = (await group.Status(cancellationToken)).Where(node => !node.Group.IsNone && node.Failure.Length == 0).ToList();
        var chosen = nodes.Where(node => node.State == RaftState.Leader).MaxBy(node => node.Term) ?? nodes.MaxBy(node => node.Applied);
        return chosen?.Address ?? throw new GroupUnavailableException($"No node of {group.Name} answers. Correct the group's name, or look at the silos.");
    }
}
