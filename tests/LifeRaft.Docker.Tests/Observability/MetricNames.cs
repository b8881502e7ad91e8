using System.Text.RegularExpressions;

namespace LifeRaft.Docker.Tests;

/// <summary>Names of metrics in queries of Prometheus, and in what a silo answers it.</summary>
internal static partial class MetricNames
{
    // What Prometheus adds itself.
    private static readonly HashSet<string> _own = ["up", "ALERTS"];

    /// <summary>Counters that are not there before what they count has happened, which no healthy cluster brings about.</summary>
    public static IReadOnlySet<string> OnlyInTrouble { get; } = new HashSet<string> { "liferaft_heartbeat_timeouts_total", "liferaft_overloads_total", "liferaft_snapshots_total" };

    /// <summary>What the silos of compose.yaml do not tell, having no certificates; a test of a silo with TLS looks for it.</summary>
    public static IReadOnlySet<string> OnlyWithTls { get; } = new HashSet<string> { "liferaft_certificate_left_seconds" };

    /// <summary>Those that a query asks for: the identifiers that stand for no function, keyword or label.</summary>
    public static IEnumerable<string> In(string query) => Identifier()
        .Matches(WithoutLabels().Replace(query, " "))
        .Select(match => match.Groups["name"].Value)
        .Where(name => name.Contains('_', StringComparison.Ordinal) && !IsFunction(name) && !_own.Contains(name));

    /// <summary>Those that <c>/metrics</c> has values of.</summary>
    public static IReadOnlySet<string> Exported(string answer) =>
        answer.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('{', ' ')[0]).ToHashSet();

    private static bool IsFunction(string name) => name is "histogram_quantile" or "predict_linear" or "label_values" or "max_over_time" or "min_over_time";

    /// <summary>Matchers, ranges and groupings name labels.</summary>
    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]|\b(by|without|on|ignoring) *\([^)]*\)|""[^""]*""")]
    private static partial Regex WithoutLabels();

    [GeneratedRegex(@"(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)")]
    private static partial Regex Identifier();
}
