using System.Text.Json.Nodes;

namespace LifeRaft.Docker.Tests;

/// <summary>The Grafana dashboard of docker/observability.</summary>
internal static class Dashboard
{
    public const string Path = "docker/observability/liferaft.json";

    public static JsonNode Root { get; } = JsonNode.Parse(Tree.Read(Path))!;

    /// <summary>Its panels but for the headings.</summary>
    public static IReadOnlyList<JsonNode> Panels { get; } = [.. Root["panels"]!.AsArray().Select(panel => panel!).Where(panel => panel.TextAt("type") != "row")];

    /// <summary>The queries, with Grafana's variables replaced by what Prometheus can parse.</summary>
    public static IReadOnlyList<string> Queries { get; } =
    [
        .. Panels.SelectMany(panel => panel["targets"]!.AsArray()).Select(target => target.TextAt("expr"))
            .Select(query => query.Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$silo", ".*", StringComparison.Ordinal)),
    ];
}
