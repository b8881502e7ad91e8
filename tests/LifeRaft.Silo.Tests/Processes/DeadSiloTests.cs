namespace LifeRaft.Silo.Tests;

/// <summary>"Replace a dead silo" of docker/README.md, with the tool and the configuration that the containers have.</summary>
public sealed class DeadSiloTests
{
    /// <summary>What only a container can do as the file says: be heard on all addresses.</summary>
    private static readonly Dictionary<string, string> _here = new()
    {
        ["LIFERAFT_Silo__ListenOnAnyAddress"] = "false",
        ["LIFERAFT_Clustering__LifeRaft__ListenOnAnyAddress"] = "false",
    };

    [Fact]
    public async Task A_silo_that_lost_its_disk_is_replaced_as_the_runbook_says()
    {
        await using var silos = await ThreeSilos.Start(_here, file: Path.Combine(Repository.Root, "docker", "three.json"));
        string[] groups = ["kv/default", "lock/default"];
        var members = new Dictionary<string, string>();
        foreach (var group in groups)
        {
            var status = await Until(silos, $"{group} has a member on silo-2", run => run.Output.Contains("@silo-2", StringComparison.Ordinal), "status", group);
            members[group] = status.Output.Split([' ', '\n', '\r', '│'], StringSplitOptions.RemoveEmptyEntries).First(word => word.EndsWith("@silo-2", StringComparison.Ordinal));
        }

        await Until(silos, "the cluster is healthy", run => run is { Exit: 0 } && run.Output.StartsWith("healthy: 3 silos", StringComparison.Ordinal), "status");
        await silos["silo-2"].Kill();
        Directory.Delete(Path.Combine(silos.Folder.Path, ThreeSilos.LogOf("silo-2")), recursive: true);
        silos.Begin("silo-2");
        await Until(silos, "silo-2 is back", run => run.Exit == 0 && run.Output.Contains("silo-2", StringComparison.Ordinal), "silo", "list");
        foreach (var group in groups)
        {
            var replaced = await Until(silos, $"{group} has its member again", run => run.Exit == 0 || run.Error.Contains("refused", StringComparison.Ordinal), "member", "replace", group, members[group], "4@silo-2", "--yes");
            Assert.True(replaced.Exit == 0, $"{replaced.Output} {replaced.Error}");
        }

        await Until(silos, "the cluster is healthy again", run => run is { Exit: 0 } && run.Output.StartsWith("healthy: 3 silos", StringComparison.Ordinal), "status");
        await silos["silo-2"].Ready();
    }

    private static Task<ToolRun> Until(ThreeSilos silos, string what, Func<ToolRun, bool> isReached, params string[] command) => Wait.For(
        what, () => ToolRun.Of([.. command, "--timeout", "15s", .. silos.Gateways.SelectMany(port => (string[])["--gateway", $"127.0.0.1:{port}"])]), isReached);
}
