using System.Text.Json.Nodes;

namespace LifeRaft.Docker.Tests;

/// <summary>The three silos of compose.yaml, started once. A test leaves them as it found them: running, all healthy.</summary>
public sealed class ThreeSilos : IAsyncDisposable
{
    private ComposeCluster? _cluster;

    /// <summary>The cluster, all silos healthy.</summary>
    internal async Task<ComposeCluster> Healthy(BuiltImage image)
    {
        Containers.Require();
        if (_cluster is null)
        {
            _cluster = new ComposeCluster(image.Root);
            await _cluster.Up();
        }

        await _cluster.AllHealthy();
        return _cluster;
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }
}

/// <summary>The liferaft tool inside a silo's container, as the runbooks use it.</summary>
internal static class ToolInContainer
{
    /// <summary><c>docker compose exec {silo} liferaft ...</c></summary>
    public static Answer Tool(this ComposeCluster cluster, string silo, params IEnumerable<string> arguments) => cluster[silo].Exec(["liferaft", .. arguments]);

    /// <summary>The same, with the answer for programs.</summary>
    public static JsonNode Ask(this ComposeCluster cluster, string silo, params string[] arguments) =>
        JsonNode.Parse(cluster.Tool(silo, [.. arguments, "-o", "json"]).OrFail($"liferaft {string.Join(' ', arguments)}{Environment.NewLine}{cluster.Logs}").Output)!;

    public static void Put(this ComposeCluster cluster, string silo, string key, string value) =>
        cluster.Tool(silo, "kv", "put", "--group", "kv/default", key, value).OrFail($"kv put on {silo}{Environment.NewLine}{cluster.Logs}");

    public static string Get(this ComposeCluster cluster, string silo, string key) =>
        cluster.Tool(silo, "kv", "get", "--group", "kv/default", key, "-o", "raw").OrFail($"kv get on {silo}{Environment.NewLine}{cluster.Logs}").Output.Trim();

    /// <summary>The silo of a group's leader, as another silo sees it, once there is one.</summary>
    public static async Task<string> LeadingSilo(this ComposeCluster cluster, string asked, Func<string, bool>? isExpected = null)
    {
        var leader = await Wait.For(
            $"kv/default has a leader, as {asked} sees it",
            () => cluster.Tool(asked, "status", "kv/default", "-o", "json") is { ExitCode: 0 } answer ? $"{JsonNode.Parse(answer.Output)!["leader"]}" : "",
            address => address.Contains('@', StringComparison.Ordinal) && (isExpected is null || isExpected(SiloOf(address))),
            address => address);
        return SiloOf(leader);
    }

    private static string SiloOf(string address) => address[(address.IndexOf('@', StringComparison.Ordinal) + 1)..];
}
