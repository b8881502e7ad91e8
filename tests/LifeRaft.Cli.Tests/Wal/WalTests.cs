using System.Text.Json;

namespace LifeRaft.Cli.Tests.Wal;

/// <summary>What a disk holds, looked at while its silo is down.</summary>
public sealed class WalTests
{
    [Fact]
    public async Task It_is_shown_and_verified_without_being_changed_and_damage_is_found()
    {
        await using var cluster = await CliCluster.Start(1);
        var group = await cluster.Create("kv/kept");
        var store = new KeyValueStore(group);
        for (var i = 0; i < 30; i++)
        {
            await store.Put($"key-{i}", new byte[100], TestContext.Current.CancellationToken);
        }

        await (await group.Node("1@silo-1", TestContext.Current.CancellationToken)).TakeSnapshot();
        await store.Put("behind", new byte[100], TestContext.Current.CancellationToken);
        await cluster.Kill(1);
        var data = cluster.DataOf(1);
        var before = DirectoryContent.Of(data);

        var run = await ToolRun.Of("wal", "inspect", "--data", data);
        Assert.Equal(0, run.Exit);
        Snapshot.Matches("wal-inspect", run.Output, [(@"\b[0-9a-f]{8}\b", "GROUP-ID"), (@"\d+ to \d+", "N to N"), (@" +\d+ +(N to N) +\d+ +\d+", " N $1 N N"), (@" {2,}", "  ")]);
        using var json = JsonDocument.Parse((await ToolRun.Of("wal", "inspect", "--data", data, "-o", "json")).Output);
        var node = json.RootElement.GetProperty("nodes")[0];
        Assert.Equal(("kv/kept/1@silo-1", "1@silo-1"), (node.GetProperty("node").GetString(), node.GetProperty("voters")[0].GetString()));
        Assert.True(node.GetProperty("snapshot").GetProperty("index").GetInt64() > 30);

        run = await ToolRun.Of("wal", "verify", "--data", data);
        Assert.Equal(0, run.Exit);
        Assert.Contains("Everything is whole: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("kv/kept/1@silo-1", run.Output, StringComparison.Ordinal);
        Assert.Equal(before, DirectoryContent.Of(data));

        var snapshot = Directory.EnumerateFiles(data, "*.snapshot", SearchOption.AllDirectories).Single();
        await Flip(snapshot, 40);
        run = await ToolRun.Of("wal", "verify", "--data", data);
        Assert.Equal((1, ""), (run.Exit, run.Output));
        Assert.Contains(Path.GetFileName(snapshot), run.Error, StringComparison.Ordinal);
        Assert.Contains("is damaged: its checksum is", run.Error, StringComparison.Ordinal);
        await Flip(snapshot, 40);

        var log = Directory.EnumerateFiles(data, "*.log").OrderBy(file => new FileInfo(file).Length).Last();
        await Flip(log, new FileInfo(log).Length / 2);
        run = await ToolRun.Of("wal", "verify", "--data", data, "-o", "json");
        Assert.Equal(1, run.Exit);
        using var damage = JsonDocument.Parse(run.Output);
        Assert.False(damage.RootElement.GetProperty("isWhole").GetBoolean());
        Assert.Contains($"{Path.GetFileName(log)} is unreadable at byte", damage.RootElement.GetProperty("damage").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_in_use_one_without_a_store_and_one_that_is_not_there_are_refused()
    {
        await using var cluster = await CliCluster.Start(1);
        foreach (var command in new[] { "wal inspect", "recover --forget --dry-run --node kv/a/1@b" })
        {
            using var tool = ToolProcess.Start([.. command.Split(' '), "--data", cluster.DataOf(1)]);
            var (exit, error) = await tool.Ended();
            Assert.Equal(1, exit);
            Assert.Contains("is open in another process: a silo runs on it.", error, StringComparison.Ordinal);
        }

        var empty = Directory.CreateTempSubdirectory("liferaft-test-");
        var run = await ToolRun.Of("wal", "verify", "--data", empty.FullName);
        Assert.Equal(1, run.Exit);
        Assert.Contains("holds no log store", run.Error, StringComparison.Ordinal);
        Assert.Empty(empty.EnumerateFileSystemInfos());
        empty.Delete();

        run = await ToolRun.Of("wal", "inspect", "--data", "/nowhere/at/all");
        Assert.Equal(2, run.Exit);
        Assert.Contains("--data: there is no directory /nowhere/at/all.", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await ToolRun.Of("wal", "inspect")).Exit);
    }

    private static async Task Flip(string file, long offset)
    {
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[offset] ^= 0x01;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
    }
}
