namespace LifeRaft.Cli.Tests.Members;

/// <summary>What a replacement would mean is looked up, not supposed.</summary>
public sealed class MemberReplaceTests(OneSilo silo) : IClassFixture<OneSilo>
{
    [Theory]
    [InlineData("kv/replace-no-member has no member 9@silo-1 to replace; its members are 1@silo-1.", "kv/replace-no-member", "9@silo-1", "2@silo-1")]
    [InlineData("4@silo-9 lives on silo 'silo-9', which is not running", "kv/replace-no-silo", "1@silo-1", "4@silo-9")]
    [InlineData("1@silo-1 cannot take its own place.", "kv/replace-itself", "1@silo-1", "1@silo-1")]
    public async Task A_dry_run_says_what_cannot_be(string reason, string group, string old, string by)
    {
        await silo.Cluster.Create(group);
        var run = await silo.Cluster.Run("member", "replace", group, old, by, "--dry-run");
        Assert.True(run.Exit == 1 && run.Output.Length == 0, run.ToString());
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_says_what_quorum_is_left_and_a_repetition_changes_nothing()
    {
        await silo.Cluster.Create("kv/replaced");
        string[] replace = ["member", "replace", "kv/replaced", "1@silo-1", "2@silo-1"];
        var run = await silo.Cluster.Run([.. replace, "--dry-run"]);
        Assert.True(run.Exit == 0, run.ToString());
        Assert.Contains("2@silo-1 would become a voter of kv/replaced in the place of 1@silo-1, which leads it and whose data would be deleted; the group would have 1 voter and could lose no voter.", run.Output, StringComparison.Ordinal);
        run = await silo.Cluster.Run([.. replace, "--yes"]);
        Assert.True(run.Exit == 0, run.ToString());
        run = await silo.Cluster.Run([.. replace, "--dry-run"]);
        Assert.True(run.Exit == 0, run.ToString());
        Assert.Contains("2@silo-1 is a voter of kv/replaced already, and 1@silo-1 is no member: nothing would be changed.", run.Output, StringComparison.Ordinal);
    }
}
