using System.Text.Json.Nodes;

namespace LifeRaft.Docker.Tests;

internal static class JsonNodeExtensions
{
    /// <summary>The value at a path of keys and indices, <c>deploy/labels/0</c> for instance, or null.</summary>
    public static JsonNode? At(this JsonNode? node, string path) => path.Split('/').Aggregate(node, (here, step) => here switch
    {
        JsonObject mapping => mapping[step],
        JsonArray sequence => int.Parse(step, System.Globalization.CultureInfo.InvariantCulture) is var index && index < sequence.Count ? sequence[index] : null,
        _ => null,
    });

    public static string TextAt(this JsonNode? node, string path) =>
        node.At(path)?.ToString() ?? throw new KeyNotFoundException($"There is no {path} in {node?.ToJsonString()}.");

    /// <summary>The keys of a mapping; none where there is none.</summary>
    public static IReadOnlyList<string> Keys(this JsonNode? node) => node is JsonObject mapping ? [.. mapping.Select(pair => pair.Key)] : [];

    /// <summary>The texts of a sequence; none where there is none.</summary>
    public static IReadOnlyList<string> Texts(this JsonNode? node) => node is JsonArray sequence ? [.. sequence.Select(each => $"{each}")] : [];
}
