namespace LifeRaft.Cli.Tests.Status;

public sealed class ClusterVerdictTests
{
    [Fact]
    public void A_healthy_cluster_is_said_to_be_so_and_what_it_can_lose()
    {
        var verdict = ClusterVerdict.Of(Reports.Healthy);
        Assert.Equal(GroupHealth.Healthy, verdict.Health);
        Assert.Empty(verdict.Problems);
        Assert.Equal(["healthy: 3 silos, 2 groups", "every group can lose 1 more voter", "4 elections in the last hour; slowest commit p99 8.3 ms (kv/default)"], verdict.Banner);
    }

    [Fact]
    public void A_silo_that_is_missing_is_named_and_so_is_what_is_wrong_with_each_group()
    {
        var verdict = ClusterVerdict.Of(Reports.Degraded);
        Assert.Equal(GroupHealth.Degraded, verdict.Health);
        Assert.Equal("degraded: 2 of 3 silos answer, 2 of 2 groups not healthy", verdict.Banner[0]);
        Assert.Equal("no group can lose another voter", verdict.Banner[1]);
        Assert.Equal(
            [
                "silo-3 did not answer within 700 ms",
                "kv/default: 3@silo-3 is not there: silo-3 did not answer within 700 ms",
                "lock/default: 3@silo-3 is not there: silo-3 did not answer within 700 ms",
            ],
            verdict.Problems);
    }

    [Fact]
    public void Of_groups_that_can_lose_nobody_beside_others_that_can_one_is_named()
    {
        var silo = Reports.Healthy.Silos[0];
        var alone = silo.Nodes[0] with { Group = "kv/alone", Members = [silo.Nodes[0].Members[0]] };
        var verdict = ClusterVerdict.Of(new ClusterReport(Reports.Now, [silo with { Nodes = [.. silo.Nodes, alone] }, .. Reports.Healthy.Silos.Skip(1)], []));
        Assert.Equal("1 of 3 groups can lose no other voter: kv/alone", verdict.Banner[1]);
    }

    [Fact]
    public void Without_a_quorum_it_is_said_how_many_are_missing()
    {
        var verdict = ClusterVerdict.Of(Reports.NoQuorum);
        Assert.Equal(GroupHealth.NoQuorum, verdict.Health);
        Assert.Equal(["no quorum: 1 of 3 silos answers, 2 of 2 groups not healthy", "kv/default lacks 1 voter for a quorum"], verdict.Banner.Take(2));
        Assert.Contains("kv/default: no quorum: 1 of 3 voters are there, and 2 are needed (and 2 more problems)", verdict.Problems);
    }

    [Fact]
    public void Without_a_leader_though_all_are_there_that_is_the_problem()
    {
        var verdict = ClusterVerdict.Of(Reports.NoLeader);
        Assert.Equal(GroupHealth.NoLeader, verdict.Health);
        Assert.Contains("kv/default: it has no leader now, though enough voters are there to elect one", verdict.Problems);
    }

    [Fact]
    public void A_cluster_without_groups_is_healthy_and_says_that_there_is_none() => Assert.Equal(
        ["healthy: 1 silo, no groups"],
        ClusterVerdict.Of(new ClusterReport(Reports.Now, [new SiloReport { Name = "silo-1", Address = "S", IsActive = true }], [])).Banner);

    [Fact]
    public void A_log_that_has_stopped_is_a_problem_of_its_silo()
    {
        var verdict = ClusterVerdict.Of(new ClusterReport(Reports.Now, [new SiloReport { Name = "silo-1", Address = "S", IsActive = true, LogFailure = "No space left on device." }], []));
        Assert.Equal(GroupHealth.Degraded, verdict.Health);
        Assert.Equal(["the log of silo-1 has stopped: No space left on device."], verdict.Problems);
    }

    [Fact]
    public void Of_many_ill_groups_a_few_are_named_and_the_rest_is_counted()
    {
        var nodes = Enumerable.Range(0, 100).Select(number => Reports.NoLeader.Silos[0].Nodes[0] with { Group = $"kv/{number}" });
        var verdict = ClusterVerdict.Of(new ClusterReport(Reports.Now, [Reports.NoLeader.Silos[0] with { Nodes = [.. nodes] }], []));
        Assert.Equal("and 95 more groups; see 'liferaft groups --problem'", verdict.Problems[^1]);
    }
}
