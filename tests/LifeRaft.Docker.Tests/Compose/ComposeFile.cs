using System.Text.Json.Nodes;

namespace LifeRaft.Docker.Tests;

/// <summary>One or more Compose files, laid over each other as <c>docker compose --file A --file B</c> does.</summary>
internal sealed class ComposeFile
{
    public const string Silos = "docker/compose.yaml";
    public const string Observability = "docker/compose.observability.yaml";

    private readonly JsonObject _root = [];

    public ComposeFile(params string[] files)
    {
        foreach (var file in files)
        {
            foreach (var (section, content) in Yaml.Parse(Tree.Read(file)))
            {
                if (content is JsonObject entries && _root[section] is JsonObject before)
                {
                    foreach (var (key, value) in entries)
                    {
                        before.Add(key, value?.DeepClone()); // Throws when two files define the same: nothing here is meant to.
                    }
                }
                else
                {
                    _root[section] = content?.DeepClone();
                }
            }
        }
    }

    public JsonNode Root => _root;

    /// <summary>The services by name.</summary>
    public IReadOnlyDictionary<string, JsonNode> Services => Section("services");

    /// <summary>Those of them that are silos.</summary>
    public IReadOnlyDictionary<string, JsonNode> SiloServices =>
        Services.Where(service => service.Key.StartsWith("silo-", StringComparison.Ordinal)).ToDictionary();

    public IReadOnlyDictionary<string, JsonNode> Section(string name) =>
        _root[name] is JsonObject section ? section.ToDictionary(pair => pair.Key, pair => pair.Value ?? new JsonObject()) : [];

    /// <summary>What a silo's container gets as its environment, from this file and by name.</summary>
    public static IReadOnlyDictionary<string, string> EnvironmentOf(JsonNode service) =>
        service["environment"] is JsonObject variables ? variables.ToDictionary(pair => pair.Key, pair => $"{pair.Value}") : [];
}
