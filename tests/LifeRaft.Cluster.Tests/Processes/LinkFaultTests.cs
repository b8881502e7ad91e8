using LifeRaft.Chaos;
using LifeRaft.Protocol;

namespace LifeRaft.Cluster.Tests;

/// <summary>That the faults of connections do what they say, one direction at a time: otherwise chaos would show nothing.</summary>
[Collection(ProcessTests.Collection)]
public sealed class LinkFaultTests
{
    [Fact]
    public async Task A_leader_whose_connections_fail_in_one_direction_or_both_is_replaced_while_that_lasts()
    {
        await using var cluster = await ProcessCluster.Start(new ProcessClusterSettings { Timings = ChaosSettings.Timings });
        await IsReplaced(cluster, (leader, other) => [new BrokenLink(leader, other, IsCut: false)]);
        await IsReplaced(cluster, (leader, other) => [new BrokenLink(other, leader, IsCut: false)]);
        await IsReplaced(cluster, (leader, other) => BrokenLink.BothWays(leader, other, isCut: true));
    }

    private static async Task IsReplaced(ProcessCluster cluster, Func<string, string, IEnumerable<BrokenLink>> links)
    {
        var leader = await cluster.Leader();
        var silo = ProcessCluster.SiloOf(leader.Address);
        var fault = new LinkFault(
            FaultKind.BreakSomeLinks, cluster, [.. cluster.Silos.Where(other => other != silo).SelectMany(other => links(silo, other))], "the leader's", TimeSpan.Zero);

        await fault.Begin();
        var successor = await Wait.For(
            $"another node than {silo}'s leads",
            cluster.Leader,
            node => node.Term > leader.Term && node.Address != leader.Address,
            node => $"{node.Address} in term {node.Term}");
        // The test reaches all of them: that the old one no longer leads is its own doing.
        await Wait.For(
            $"the node on {silo} has stepped down",
            cluster.Nodes[silo].Status,
            node => node.State != RaftState.Leader,
            node => $"{node.State} in term {node.Term}");
        await fault.End();

        var nodes = await Wait.For(
            "all nodes follow one leader",
            cluster.Look,
            nodes => nodes.Count == cluster.Silos.Count && nodes.All(node => node.Leader.Length > 0 && node.Leader == nodes[0].Leader && node.Term == nodes[0].Term),
            NodeStatuses.Describe);
        Assert.True(nodes[0].Term >= successor.Term);
    }
}
