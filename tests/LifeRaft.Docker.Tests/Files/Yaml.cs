using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace LifeRaft.Docker.Tests;

/// <summary>Reads YAML the way Docker Compose does, with merge keys, into JSON's nodes; every scalar is a string.</summary>
internal static class Yaml
{
    /// <exception cref="YamlException">The text is no YAML; it says where.</exception>
    public static JsonObject Parse(string text)
    {
        var parser = new MergingParser(new Parser(new StringReader(text)));
        return (JsonObject)Convert(new DeserializerBuilder().Build().Deserialize<object?>(parser))!;
    }

    private static JsonNode? Convert(object? value) => value switch
    {
        null => null,
        IDictionary<object, object?> mapping => new JsonObject(mapping.Select(pair => KeyValuePair.Create((string)pair.Key, Convert(pair.Value)))),
        IEnumerable<object?> sequence => new JsonArray([.. sequence.Select(Convert)]),
        _ => JsonValue.Create($"{value}"),
    };
}
