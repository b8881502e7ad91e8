using System.Diagnostics;
using LifeRaft.Protocol;

namespace LifeRaft.Benchmarks;

/// <summary>Waits for a group to be as it should be before or after something is done to it.</summary>
internal static class GroupWait
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits until all three nodes are there and have everything. Returns the leader.</summary>
    public static async Task<NodeStatus> Whole(RaftGroup group, CancellationToken cancellationToken)
    {
        NodeStatus? leader = null;
        await Until(
            async () =>
            {
                var nodes = await Nodes(group, cancellationToken);
                leader = nodes.Count == SiloSettings.Names.Count && nodes.Min(node => node.Applied) >= nodes.Max(node => node.Commit) ? nodes.FirstOrDefault(node => node.State == RaftState.Leader) : null;
                return leader is not null;
            },
            cancellationToken);
        return leader!;
    }

    /// <summary>Waits until a node that can be reached leads, and returns how it is.</summary>
    public static async Task<NodeStatus> Leader(RaftGroup group, CancellationToken cancellationToken)
    {
        NodeStatus? leader = null;
        await Until(
            async () =>
            {
                leader = (await Nodes(group, cancellationToken)).Where(node => node.State == RaftState.Leader).MaxBy(node => node.Term);
                return leader is not null;
            },
            cancellationToken);
        return leader!;
    }

    /// <summary>Waits until a node is as expected. Returns how it is.</summary>
    public static async Task<NodeStatus> Node(RaftGroup group, string address, Func<NodeStatus, bool> isAsExpected, CancellationToken cancellationToken)
    {
        NodeStatus? found = null;
        await Until(
            async () =>
            {
                found = (await Nodes(group, cancellationToken)).FirstOrDefault(node => node.Address == address && isAsExpected(node));
                return found is not null;
            },
            cancellationToken);
        return found!;
    }

    public static Task Until(Func<bool> isReached, CancellationToken cancellationToken) => Until(() => Task.FromResult(isReached()), cancellationToken);

    private static async Task Until(Func<Task<bool>> isReached, CancellationToken cancellationToken)
    {
        for (var started = Stopwatch.GetTimestamp(); !await isReached();)
        {
            if (Stopwatch.GetElapsedTime(started) > _patience)
            {
                throw new TimeoutException($"The silos were not as expected within {_patience.TotalSeconds} s.");
            }

            await Task.Delay(_pause, cancellationToken);
        }
    }

    /// <summary>Those that can be reached; none while the group cannot be found.</summary>
    private static async Task<IReadOnlyList<NodeStatus>> Nodes(RaftGroup group, CancellationToken cancellationToken)
    {
        try
        {
            return await group.Status(cancellationToken);
        }
        catch (Exception failure) when (failure is RaftException or OrleansException or TimeoutException)
        {
            return [];
        }
    }
}
