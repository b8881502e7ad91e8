using System.Text.Json;

namespace LifeRaft.Cli.Tests.Snapshots;

/// <summary>The state of a group goes into a file, and out of it into another group.</summary>
public sealed class SnapshotTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("liferaft-test-").FullName;

    private string Saved => Path.Combine(_directory, "orders.snapshot");

    [Fact]
    public async Task What_is_saved_is_whole_is_shown_and_begins_a_new_group()
    {
        await using var cluster = await CliCluster.Start(1);
        var group = await cluster.Create("kv/orders");
        var store = new KeyValueStore(group);
        for (var i = 0; i < 40; i++)
        {
            await store.Put($"key-{i:d2}", new byte[20_000], TestContext.Current.CancellationToken); // More than one part.
        }

        var last = await store.Put("last", "value"u8.ToArray(), TestContext.Current.CancellationToken);
        var run = await cluster.Run("snapshot", "save", Saved, "--group", "kv/orders", "-o", "json");
        Assert.Equal((0, ""), (run.Exit, run.Error));
        using var saved = JsonDocument.Parse(run.Output);
        var sha256 = saved.RootElement.GetProperty("sha256").GetString();
        Assert.Equal([Path.GetFileName(Saved)], Directory.EnumerateFiles(_directory).Select(Path.GetFileName));

        run = await ToolRun.Of("snapshot", "inspect", Saved);
        Assert.Equal(0, run.Exit);
        Assert.Contains($"SHA-256      {sha256}", run.Output, StringComparison.Ordinal);
        Snapshot.Matches("inspect", run.Output, [("[0-9a-f]{64}", "HASH"), ("[0-9a-f-]{36}", "ID"), (@"(up to entry +|of term +|bytes +)\d+", "$1N"), (@"\d{4}-\d\d-\d\d [\d:]+", "TIME")]);

        // Into the directory of a silo that does not run yet, under another name.
        await store.Put("later", "lost"u8.ToArray(), TestContext.Current.CancellationToken);
        run = await ToolRun.Of("snapshot", "restore", Saved, "--data", cluster.DataOf(2), "--node", "kv/copy/1@silo-2", "--dry-run");
        Assert.Equal(0, run.Exit);
        Assert.Contains("Nothing was changed", run.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(cluster.DataOf(2)));
        run = await ToolRun.Of("snapshot", "restore", Saved, "--data", cluster.DataOf(2), "--node", "kv/copy/1@silo-2");
        Assert.Equal(1, run.Exit);
        Assert.Contains("--yes", run.Error, StringComparison.Ordinal);
        run = await ToolRun.Of("snapshot", "restore", Saved, "--data", cluster.DataOf(2), "--node", "kv/copy/1@silo-2", "--yes");
        Assert.Equal((0, ""), (run.Exit, run.Error));
        run = await ToolRun.Of("snapshot", "restore", Saved, "--data", cluster.DataOf(2), "--node", "kv/copy/1@silo-2", "--yes");
        Assert.Equal(1, run.Exit);
        Assert.Contains("holds a node 'kv/copy/1@silo-2' of a group already", run.Error, StringComparison.Ordinal);

        // What would be refused is so where it is only said.
        run = await ToolRun.Of("snapshot", "restore", Saved, "--data", cluster.DataOf(2), "--node", "kv/copy/1@silo-2", "--dry-run");
        Assert.Equal((1, ""), (run.Exit, run.Output));
        Assert.Contains("holds a node 'kv/copy/1@silo-2' of a group already", run.Error, StringComparison.Ordinal);
        using var dry = ToolProcess.Start("snapshot", "restore", Saved, "--data", cluster.DataOf(1), "--node", "kv/copy/1@silo-1", "--dry-run");
        var (exit, error) = await dry.Ended();
        Assert.Equal(1, exit);
        Assert.Contains("is open in another process: a silo runs on it.", error, StringComparison.Ordinal);

        await cluster.StartSilo(2);
        var copy = cluster.Grains.GetRaftGroup("kv/copy");
        await CliCluster.Leader(copy);
        var copied = new KeyValueStore(copy);
        Assert.Equal("value"u8.ToArray(), (await copied.Get("last", TestContext.Current.CancellationToken))!.Value.ToArray());
        Assert.Equal(last, (await copied.Get("last", TestContext.Current.CancellationToken))!.Version);
        Assert.Null(await copied.Get("later", TestContext.Current.CancellationToken));
        Assert.Equal(41, await Count(copied));

        // It lives: it writes, and takes members.
        await copied.Put("new", "1"u8.ToArray(), TestContext.Current.CancellationToken);
        await copy.Join("2@silo-1", TestContext.Current.CancellationToken);
        Assert.Equal(2, (await copy.Members(TestContext.Current.CancellationToken)).Count);
    }

    [Fact]
    public async Task A_file_that_is_damaged_cut_short_or_something_else_is_told_of()
    {
        await using var cluster = await CliCluster.Start(1);
        await cluster.Create("kv/damaged");
        Assert.Equal(0, (await cluster.Run("snapshot", "save", Saved, "--group", "kv/damaged")).Exit);
        var run = await cluster.Run("snapshot", "save", Saved, "--group", "kv/damaged");
        Assert.Equal(1, run.Exit);
        Assert.Contains("is there already", run.Error, StringComparison.Ordinal);

        var bytes = await File.ReadAllBytesAsync(Saved, TestContext.Current.CancellationToken);
        for (var offset = 0; offset < bytes.Length; offset += 7)
        {
            bytes[offset] ^= 0x40;
            await File.WriteAllBytesAsync(Saved, bytes, TestContext.Current.CancellationToken);
            run = await ToolRun.Of("snapshot", "inspect", Saved);
            Assert.Equal((1, "", 1), (run.Exit, run.Output, run.Error.TrimEnd().Split('\n').Length));
            Assert.Contains("cannot be used: ", run.Error, StringComparison.Ordinal);
            bytes[offset] ^= 0x40;
        }

        await File.WriteAllBytesAsync(Saved, bytes[..^1], TestContext.Current.CancellationToken);
        run = await ToolRun.Of("snapshot", "restore", Saved, "--data", Path.Combine(_directory, "data"), "--node", "kv/damaged/1@silo-9", "--yes");
        Assert.Equal(1, run.Exit);
        Assert.False(Directory.Exists(Path.Combine(_directory, "data")));
        await File.WriteAllBytesAsync(Saved, bytes, TestContext.Current.CancellationToken);
        Assert.Equal(0, (await ToolRun.Of("snapshot", "inspect", Saved)).Exit);
        run = await ToolRun.Of("snapshot", "restore", Saved, "--data", Path.Combine(_directory, "data"), "--node", "locks/damaged/1@silo-9", "--yes");
        Assert.Equal(2, run.Exit);
        Assert.Contains("holds the state of a machine 'kv'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_takes_one_when_it_is_asked()
    {
        await using var cluster = await CliCluster.Start(1);
        var group = await cluster.Create("kv/taken");
        await new KeyValueStore(group).Put("a", "b"u8.ToArray(), TestContext.Current.CancellationToken);
        var run = await cluster.Run("snapshot", "take", "--group", "kv/taken");
        Assert.Equal(0, run.Exit);
        Assert.Matches(@"^1@silo-1 has a snapshot up to entry \d+, of \d+ bytes\.", run.Output);
        Assert.True((await group.Status(TestContext.Current.CancellationToken)).Single().Snapshot.Value > 0);
    }

    [Theory]
    [InlineData("Required argument 'file' missing", "snapshot", "save", "--group", "kv/a")]
    [InlineData("Option '--group' is required.", "snapshot", "save", "file")]
    [InlineData("Option '--data' is required.", "snapshot", "restore", "file", "--node", "kv/a/1@b")]
    [InlineData("--node: '1@b' is no node key", "snapshot", "restore", "file", "--data", "d", "--node", "1@b")]
    public async Task Bad_command_lines_exit_with_2_and_say_why(string reason, params string[] arguments)
    {
        var run = await ToolRun.Of(arguments);
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task<int> Count(KeyValueStore store)
    {
        var count = 0;
        await foreach (var entry in store.List(cancellationToken: TestContext.Current.CancellationToken))
        {
            count += entry.Key.Length > 0 ? 1 : 0;
        }

        return count;
    }
}
