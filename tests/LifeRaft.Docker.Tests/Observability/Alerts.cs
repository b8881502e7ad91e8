using System.Text.Json.Nodes;

namespace LifeRaft.Docker.Tests;

/// <summary>The alert rules of docker/observability.</summary>
internal static class Alerts
{
    public const string Path = "docker/observability/alerts.yaml";

    public static IReadOnlyList<JsonNode> Rules { get; } =
        [.. Yaml.Parse(Tree.Read(Path))["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).Select(rule => rule!)];
}
