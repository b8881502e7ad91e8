using System.Runtime.InteropServices;

namespace LifeRaft.Cli.Tests.Elections;

/// <summary>A program runs on one host at a time.</summary>
public sealed class ElectTests(OneSilo silo) : IClassFixture<OneSilo>
{
    private readonly CliCluster _cluster = silo.Cluster;

    [Fact]
    public async Task The_program_runs_while_its_host_leads_and_the_next_follows()
    {
        await _cluster.Create("lock/default");
        using var first = ToolProcess.Start(["elect", "primary", "--candidate", "host-a", .. _cluster.Gateways, "--", "sh", "-c", "echo $LIFERAFT_CANDIDATE $LIFERAFT_ELECTION $LIFERAFT_FENCING_TOKEN; while :; do sleep 0.05; done"]);
        var leader = (await first.NextLine())!.Split(' ');
        Assert.Equal(["host-a", "primary"], leader[..2]);

        await using var locks = _cluster.Grains.GetRaftLocks("lock/default");
        var election = new LeaderElection(locks, "primary");
        Assert.Equal("host-a", (await election.Leader(TestContext.Current.CancellationToken))!.Candidate);

        using var second = ToolProcess.Start(["elect", "primary", "--candidate", "host-b", .. _cluster.Gateways, "--", "sh", "-c", "echo $LIFERAFT_CANDIDATE $LIFERAFT_ELECTION $LIFERAFT_FENCING_TOKEN; exit 4"]);
        await Wait.For("the second waits", () => locks.Look("primary", TestContext.Current.CancellationToken), state => state?.WaiterCount == 1);
        first.Send(PosixSignal.SIGTERM);
        Assert.Equal(143, (await first.Ended()).Exit);
        var next = (await second.NextLine())!.Split(' ');
        Assert.Equal("host-b", next[0]);
        Assert.True(long.Parse(next[2], System.Globalization.CultureInfo.InvariantCulture) > long.Parse(leader[2], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(4, (await second.Ended()).Exit);
        Assert.Null(await election.Leader(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_program_that_was_told_to_end_and_is_slow_is_not_run_again_when_leadership_is_lost_meanwhile()
    {
        var group = await _cluster.Create("locks/told");
        using var tool = ToolProcess.Start(["elect", "primary", "--group", "locks/told", "--ttl", "5 s", .. _cluster.Gateways, "--", "sh", "-c", "trap 'echo told' TERM; echo ready; while :; do sleep 0.05; done"]);
        Assert.Equal("ready", await tool.NextLine());
        tool.Send(PosixSignal.SIGTERM);
        Assert.Equal("told", await tool.NextLine());
        await group.Delete(TestContext.Current.CancellationToken);
        Assert.Equal((76, $"Leadership of 'primary' was lost, so the program was ended.{Environment.NewLine}"), await tool.Ended());
    }
}
