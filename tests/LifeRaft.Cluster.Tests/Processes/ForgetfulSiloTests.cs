using LifeRaft.Chaos;
using LifeRaft.Protocol;
using LifeRaft.TestSilo;

namespace LifeRaft.Cluster.Tests;

/// <summary>That the test of killed silos can fail: silos with a planted fault in their durability, before the same judge.</summary>
[Collection(ProcessTests.Collection)]
public sealed class ForgetfulSiloTests
{
    [Fact]
    public async Task A_store_that_acknowledges_before_it_writes_loses_writes_and_the_judge_notices()
    {
        await using var cluster = await ProcessCluster.Start(new ProcessClusterSettings { Log = SiloLog.Early });
        var ledger = await Write(cluster, writes: 200);
        await cluster.Kill([.. cluster.Silos]);
        await cluster.Start([.. cluster.Silos]);

        var findings = await new KillJudge(cluster, ledger).Findings();
        Assert.Contains(findings, finding => finding.EndsWith("was acknowledged and is lost", StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper?.WriteLine($"{ledger}; {findings.Count} findings, the first: {findings[0]}");
    }

    [Fact]
    public async Task Silos_with_the_log_in_memory_that_are_killed_in_turn_are_refused_as_blank_and_their_group_is_gone()
    {
        await using var cluster = await ProcessCluster.Start(new ProcessClusterSettings { Log = SiloLog.Memory });
        var ledger = await Write(cluster, writes: 200);
        var members = (await cluster.Group().Members()).Select(member => member.Id).ToHashSet();
        foreach (var silo in cluster.Silos)
        {
            await cluster.Kill(silo);
            await cluster.Start(silo);
        }

        // Three processes run that were members, and not one of them passes for what it was.
        var nodes = await cluster.Look();
        Assert.Equal(3, nodes.Count);
        Assert.All(nodes, node => Assert.True(node.Group.IsNone && !members.Contains(node.Member) && node.State != RaftState.Leader, $"{node}"));
        var lost = await Assert.ThrowsAsync<GroupNotFoundException>(() => new KillJudge(cluster, ledger).Findings());
        TestContext.Current.TestOutputHelper?.WriteLine($"{ledger}; {lost.Message}");
    }

    private static async Task<KillLedger> Write(ProcessCluster cluster, int writes)
    {
        var ledger = new KillLedger();
        await using var writers = new KillWriters(cluster, ledger, count: 8);
        await ledger.Reached(writes, "writes before the kill", cluster.Describe);
        return ledger;
    }
}
