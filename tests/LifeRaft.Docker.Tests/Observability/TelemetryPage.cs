using System.Text.RegularExpressions;

namespace LifeRaft.Docker.Tests;

/// <summary>The instruments of LifeRaft's own page, which a test beside it keeps true, by the names that Prometheus gives them.</summary>
internal static partial class TelemetryPage
{
    private const string Path = "src/LifeRaft.Hosting/Telemetry/README.md";

    public static IReadOnlySet<string> Metrics { get; } = Row().Matches(Tree.Read(Path))
        .SelectMany(row => Names(row.Groups["name"].Value, row.Groups["kind"].Value, row.Groups["unit"].Value))
        .ToHashSet();

    private static IEnumerable<string> Names(string instrument, string kind, string unit)
    {
        var name = instrument.Replace('.', '_') + unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        return kind switch
        {
            "Counter" => [$"{name}_total"],
            "Histogram" => [$"{name}_bucket", $"{name}_sum", $"{name}_count"],
            _ => [name],
        };
    }

    [GeneratedRegex(@"^\| (?<name>liferaft[\w.]+) \| (?<kind>\w+) \| (?<unit>\S+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
