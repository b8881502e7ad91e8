namespace LifeRaft.Cli.Tests.Recover;

/// <summary>What is left of a group that has lost its majority becomes a new one.</summary>
public sealed class RecoverTests
{
    [Fact]
    public async Task The_last_disk_founds_a_new_group_which_a_forgotten_node_joins()
    {
        await using var cluster = await CliCluster.Start(3);
        var group = await cluster.Create("kv/lost");
        await new KeyValueStore(group).Put("kept", "1"u8.ToArray(), TestContext.Current.CancellationToken);
        await Wait.For("all have applied it", () => group.Status(TestContext.Current.CancellationToken), nodes => nodes.Count == 3 && nodes.Select(node => node.Applied).Distinct().Count() == 1);
        var old = (await CliCluster.Leader(group)).Group;
        foreach (var silo in new[] { 1, 2, 3 })
        {
            await cluster.Kill(silo);
        }

        var found = new[] { "recover", "--unsafe-new-quorum", "--data", cluster.DataOf(3), "--node", "kv/lost/3@silo-3" };
        var run = await ToolRun.Of([.. found, "--dry-run"]);
        Assert.Equal(0, run.Exit);
        Assert.Contains("would become the only voter of a NEW group", run.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed", run.Output, StringComparison.Ordinal);
        run = await ToolRun.Of(found);
        Assert.Equal((1, ""), (run.Exit, run.Output));
        Assert.Contains("Repeat the command with --yes to do it.", run.Error, StringComparison.Ordinal);
        run = await ToolRun.With(ToolSurroundings.Typing("y\n"), found);
        Assert.Equal(0, run.Exit);
        Assert.Contains("3@silo-3 is the only voter of the new group", run.Output, StringComparison.Ordinal);
        run = await ToolRun.Of("recover", "--forget", "--data", cluster.DataOf(2), "--node", "kv/lost/2@silo-2", "--yes");
        Assert.Equal((0, ""), (run.Exit, run.Error));

        await cluster.StartSilo(3);
        await cluster.StartSilo(2);
        var here = cluster.Grains.GetRaftGroup("kv/lost");
        Assert.NotEqual(old, (await CliCluster.Leader(here)).Group);
        await here.Join("2@silo-2", TestContext.Current.CancellationToken);
        Assert.Equal("1"u8.ToArray(), (await new KeyValueStore(here).Get("kept", TestContext.Current.CancellationToken))!.Value.ToArray());
        Assert.Equal(2, (await here.Members(TestContext.Current.CancellationToken)).Count);
    }

    [Fact]
    public async Task What_is_only_said_writes_nothing_to_the_disk()
    {
        await using var cluster = await CliCluster.Start(1);
        await new KeyValueStore(await cluster.Create("kv/last")).Put("kept", "1"u8.ToArray(), TestContext.Current.CancellationToken);
        await cluster.Kill(1);
        string[] where = ["--data", cluster.DataOf(1), "--node", "kv/last/1@silo-1"];
        var before = DirectoryContent.Of(cluster.DataOf(1));
        foreach (var (exit, arguments) in new (int, string[])[]
        {
            (0, ["recover", "--unsafe-new-quorum", .. where, "--dry-run"]),
            (0, ["recover", "--forget", .. where, "--dry-run"]),
            (1, ["recover", "--unsafe-new-quorum", .. where]),
            (1, ["recover", "--forget", "--data", cluster.DataOf(1), "--node", "kv/last/2@silo-2", "--yes"]),
        })
        {
            var run = await ToolRun.Of(arguments);
            Assert.True(run.Exit == exit, run.ToString());
            Assert.True(before == DirectoryContent.Of(cluster.DataOf(1)), $"{string.Join(' ', arguments)} changed the files.");
        }
    }

    [Theory]
    [InlineData("Say what to do: --unsafe-new-quorum", "--node", "kv/a/1@b", "--data", "/tmp")]
    [InlineData("Say what to do: --unsafe-new-quorum", "--node", "kv/a/1@b", "--data", "/tmp", "--forget", "--unsafe-new-quorum")]
    [InlineData("Option '--node' is required.", "--data", "/tmp", "--forget")]
    [InlineData("--data: there is no directory /nowhere.", "--data", "/nowhere", "--node", "kv/a/1@b", "--forget")]
    public async Task Bad_command_lines_exit_with_2_and_say_why(string reason, params string[] arguments)
    {
        var run = await ToolRun.Of(["recover", .. arguments]);
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }
}
