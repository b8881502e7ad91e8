using LifeRaft.Chaos;
using Microsoft.Extensions.DependencyInjection;

namespace LifeRaft.Cluster.Tests;

/// <summary>Silos are processes here, and are asked to stop with SIGTERM.</summary>
[Collection(ProcessTests.Collection)]
public sealed class StoppedSiloTests
{
    [Fact]
    public async Task A_silo_that_is_stopped_with_SIGTERM_leaves_Orleans_membership_but_not_the_group_and_comes_back_with_its_log()
    {
        await using var cluster = await ProcessCluster.Start();
        var ledger = new KillLedger();
        await Write(cluster, ledger, "before-", writes: 200);
        var leader = await cluster.Leader();
        var stopped = ProcessCluster.SiloOf(leader.Address);

        Assert.Equal(0, await cluster.Terminate(stopped));
        await Left(cluster, stopped);
        await Write(cluster, ledger, "without-", writes: 200);
        var members = await cluster.Group().Members();
        Assert.Equal(leader.Members, members);

        // The others stop too: what is there when all are back was in their logs.
        foreach (var silo in cluster.Silos.Where(silo => silo != stopped))
        {
            Assert.Equal(0, await cluster.Terminate(silo));
            await Left(cluster, silo);
        }

        await cluster.Start(stopped);
        var alone = Assert.Single(await cluster.Look());
        Assert.Equal((leader.Group, leader.Member), (alone.Group, alone.Member));
        Assert.True(alone.Last >= leader.Last, $"Alone, {alone.Address} must have the {leader.Last} entries that it had, but has {alone.Last}.");

        await cluster.Start([.. cluster.Silos.Where(silo => silo != stopped)]);
        await Write(cluster, ledger, "after-", writes: 200);
        Assert.Empty(await new KillJudge(cluster, ledger).Findings());
        Assert.Equal(leader.Members, await cluster.Group().Members());
    }

    /// <summary>It said so itself: nobody probes for long enough to find out, and no successor has started.</summary>
    private static async Task Left(ProcessCluster cluster, string silo)
    {
        var membership = cluster.Primary.GetRequiredService<IClusterMembershipService>();
        await membership.Refresh();
        Assert.All(membership.CurrentSnapshot.Members.Values.Where(member => member.Name == silo), member => Assert.Equal(SiloStatus.Dead, member.Status));
    }

    private static async Task Write(ProcessCluster cluster, KillLedger ledger, string round, int writes)
    {
        await using var writers = new KillWriters(cluster, ledger, count: 8, round);
        await ledger.Reached(ledger.Acknowledged + writes, $"writes {round}", cluster.Describe);
    }
}
