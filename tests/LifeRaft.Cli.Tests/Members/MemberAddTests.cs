namespace LifeRaft.Cli.Tests.Members;

/// <summary>A member is added to a group that is there; none is founded by the way.</summary>
public sealed class MemberAddTests(OneSilo silo) : IClassFixture<OneSilo>
{
    [Theory]
    [InlineData("kv/misspelt")]
    [InlineData("kv/misspelt", "--learner")]
    public async Task A_group_that_no_silo_knows_is_not_founded(string group, params string[] options)
    {
        var run = await silo.Cluster.Run(["member", "add", group, "1@silo-1", .. options]);
        Assert.True(run.Exit == 1, run.ToString());
        Assert.Contains($"No running silo knows the group {group}.", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(await silo.Cluster.Grains.GetRaftGroup(group).Status(), node => !node.Group.IsNone);
    }

    [Fact]
    public async Task A_group_whose_only_silo_is_down_gets_no_second_history()
    {
        await using var cluster = await CliCluster.Start(2);
        await cluster.Grains.GetRaftGroup("kv/onB").Create(["2@silo-2"]);
        await cluster.Kill(2);
        var run = await cluster.Run("member", "add", "kv/onB", "1@silo-1", "--timeout", "2 s");
        Assert.True(run.Exit != 0, run.ToString());
        Assert.Contains("kv/onB", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(await cluster.Grains.GetRaftGroup("kv/onB").Status(), node => !node.Group.IsNone);
    }

    [Fact]
    public async Task A_member_of_a_group_that_is_there_is_added_once()
    {
        await using var cluster = await CliCluster.Start(2);
        await cluster.Grains.GetRaftGroup("kv/there").Create(["1@silo-1"]);
        var first = await cluster.Run("member", "add", "kv/there", "2@silo-2");
        Assert.True(first.Exit == 0 && first.Output.Contains("2@silo-2 is a voter of kv/there now.", StringComparison.Ordinal), first.ToString());
        var second = await cluster.Run("member", "add", "kv/there", "2@silo-2");
        Assert.True(second.Exit == 0 && second.Output.Contains("was a voter of kv/there already", StringComparison.Ordinal), second.ToString());
    }
}
