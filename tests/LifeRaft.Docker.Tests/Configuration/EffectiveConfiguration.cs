using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using LifeRaft.Silo;

namespace LifeRaft.Docker.Tests;

/// <summary>What the real silo makes of a file and an environment: <c>LifeRaft.Silo --check-config</c>.</summary>
internal static class EffectiveConfiguration
{
    private static readonly JsonDocumentOptions _withComments = new() { CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Checks a file and returns all settings. Fails with the silo's own words where it would not start.</summary>
    public static JsonNode Of(string file, IReadOnlyDictionary<string, string> environment) =>
        JsonNode.Parse(Check(file, environment).OrFail($"{Path.GetFileName(file)}: --check-config").Output, documentOptions: _withComments)!;

    public static Answer Check(string file, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(LifeRaftSilo).Assembly.Location, "--check-config", "--config", file]);
        foreach (var variable in start.Environment.Keys.Where(name => name.StartsWith("LIFERAFT_", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(variable);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Shell.Run(start, Shell.Patience);
    }
}
