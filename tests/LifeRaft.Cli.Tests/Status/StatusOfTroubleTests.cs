using System.Text.Json;

namespace LifeRaft.Cli.Tests.Status;

/// <summary>What is shown when silos are dead: at once, as far as it is known, and what is missing by name.</summary>
public sealed class StatusOfTroubleTests
{
    [Fact]
    public async Task A_dead_member_and_then_a_lost_quorum_are_shown_and_only_exit_code_says_so_if_asked()
    {
        await using var cluster = await CliCluster.Start(3);
        await cluster.Create("kv/left");
        var dead = cluster.GatewayPort(3);
        await cluster.Kill(3);
        var degraded = await Shown(cluster, ["status", "--gateway", $"127.0.0.1:{dead}"], output =>
            output.StartsWith("degraded: 2 of 3 silos answer, 1 of 1 group not healthy", StringComparison.Ordinal)
            && output.Contains("no group can lose another voter", StringComparison.Ordinal)); // The leader misses it an election timeout later.
        Assert.Contains("problem: kv/left: 3@silo-3 is not there: silo-3", degraded.Output, StringComparison.Ordinal);
        Assert.Equal(0, degraded.Exit);
        Assert.Equal(1, (await cluster.Run("status", "--exit-code")).Exit);
        Assert.Equal(1, (await cluster.Run("health", "kv/left")).Exit);
        Assert.Contains("kv/left", (await cluster.Run("groups", "--problem")).Output, StringComparison.Ordinal);
        Assert.Equal(1, (await cluster.Run("check", "quorum-critical", "silo-1")).Exit);
        var hash = await cluster.Run("check", "hash", "kv/left");
        Assert.Equal(1, hash.Exit);
        Assert.Contains("Not compared with all: 3@silo-3 gave no hash.", hash.Output, StringComparison.Ordinal);

        await cluster.Kill(2);
        var lost = await Shown(cluster, ["status", "kv/left"], output => output.StartsWith("kv/left: no quorum, 1 of 3 voters up, 1 more needed to serve", StringComparison.Ordinal));
        Assert.Contains("no leader (highest term seen:", lost.Output, StringComparison.Ordinal);
        Assert.Contains("2@silo-2  silent", lost.Output, StringComparison.Ordinal);
        Assert.Equal(0, lost.Exit);
        var json = JsonDocument.Parse((await cluster.Run("status", "kv/left", "-o", "json")).Output).RootElement;
        Assert.Equal(("noQuorum", -1), (json.GetProperty("health").GetString(), json.GetProperty("canLose").GetInt32()));
        var refused = await cluster.Run("leader", "step-down", "kv/left", "--timeout", "2s");
        Assert.Equal(4, refused.Exit);
    }

    [Fact]
    public async Task A_client_outside_the_silos_is_refused_what_destroys_unless_they_allow_it()
    {
        await using var cluster = await CliCluster.Start(1, options: options => options.AllowDestructiveCallsFromClients = false);
        await cluster.Create("kv/guarded");
        foreach (var command in new[] { new[] { "group", "delete", "kv/guarded", "--yes" }, ["member", "remove", "kv/guarded", "1@silo-1", "--yes"] })
        {
            var refused = await cluster.Run(command);
            Assert.Equal(1, refused.Exit);
            Assert.Contains("AllowDestructiveCallsFromClients", refused.Error, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await cluster.Run("status", "kv/guarded")).Exit);
    }

    private static Task<ToolRun> Shown(CliCluster cluster, string[] arguments, Func<string, bool> isReached) =>
        Wait.For($"{string.Join(' ', arguments)} shows it", () => cluster.Run(arguments), run => isReached(run.Output));
}
