using System.Text.Json;

namespace LifeRaft.Cli.Tests.KeyValue;

/// <summary>What can be read of a group that has lost its majority.</summary>
public sealed class LeaderlessReadTests
{
    [Fact]
    public async Task What_is_left_shows_what_it_has_and_says_how_old_that_is_while_other_reads_find_no_leader()
    {
        await using var cluster = await CliCluster.Start(3);
        var group = await cluster.Create("kv/left");
        var lockGroup = await cluster.Create("locks/left");
        await cluster.Run("kv", "put", "a", "1", "--group", "kv/left");
        await Wait.For("all have applied it", () => group.Status(), nodes => nodes.Count == 3 && nodes.Select(node => node.Applied).Distinct().Count() == 1);
        var lease = await cluster.Run("kv", "get", "a", "--group", "kv/left", "--lease");
        Assert.Equal((0, ""), (lease.Exit, lease.Error));
        await using var locks = cluster.Grains.GetRaftLocks("locks/left");
        await using var held = await locks.Acquire("nightly", LockOptions.Default with { Value = "somebody"u8.ToArray() }, TestContext.Current.CancellationToken);
        await Wait.For("all have applied it", () => lockGroup.Status(), nodes => nodes.Count == 3 && nodes.Select(node => node.Applied).Distinct().Count() == 1);
        await cluster.Kill(2);
        await cluster.Kill(3);

        var stale = await cluster.Run("kv", "get", "a", "--group", "kv/left", "--stale");
        Assert.Equal(0, stale.Exit);
        Assert.Contains("As 1@silo-1 has it, up to entry", stale.Error, StringComparison.Ordinal);
        Assert.Matches(@"a +1 +\d+ +1", stale.Output);
        stale = await cluster.Run("kv", "list", "--group", "kv/left", "--stale", "--node", "1@silo-1", "-o", "json");
        using var json = JsonDocument.Parse(stale.Output);
        Assert.Equal(("1@silo-1", ""), (json.RootElement.GetProperty("stale").GetProperty("node").GetString(), stale.Error));

        // Who holds a lock can be seen without a majority, too.
        stale = await cluster.Run("lock", "list", "--group", "locks/left", "--stale");
        Assert.Contains("As 1@silo-1 has it, up to entry", stale.Error, StringComparison.Ordinal);
        Assert.Matches(@"nightly +exclusive +1 +0 +\d+ +somebody", stale.Output);

        var other = await cluster.Run("kv", "get", "a", "--group", "kv/left", "--timeout", "2 s");
        Assert.Equal(4, other.Exit);
        Assert.Contains("kv/left", other.Error, StringComparison.Ordinal);
    }
}
