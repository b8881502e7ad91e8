using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LifeRaft.Docker.Tests;

public partial class ObservabilityTests
{
    private const string Folder = "docker/observability";
    private const string AlertTests = "tests/LifeRaft.Docker.Tests/Observability/alerts.test.yaml";
    private static readonly string[] _severities = ["warning", "critical"];
    private readonly ComposeFile _compose = new(ComposeFile.Silos, ComposeFile.Observability);

    [Fact]
    public void Prometheus_accepts_its_configuration_and_the_rules() => Promtool.Run("check", "config", Tree.PathOf($"{Folder}/prometheus.yaml")).OrFail("promtool check config");

    [Fact]
    public void Each_alert_is_raised_for_its_reason_and_not_while_all_is_well() => Promtool.Run("test", "rules", Tree.PathOf(AlertTests)).OrFail("promtool test rules");

    [Fact]
    public void Each_alert_has_such_a_test() =>
        Assert.All(Alerts.Rules, rule => Assert.Contains(rule.TextAt("alert"), Tree.Read(AlertTests), StringComparison.Ordinal));

    /// <summary>Prometheus parses a query as it parses a rule.</summary>
    [Fact]
    public void Prometheus_accepts_the_queries_of_the_dashboard()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, $"groups:\n- name: dashboard\n  rules:\n{string.Concat(Dashboard.Queries.Select(query => $"  - record: query\n    expr: '{query.Replace("'", "''", StringComparison.Ordinal)}'\n"))}");
            Promtool.Run("check", "rules", "--lint=none", file).OrFail("promtool check rules");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Each_alert_says_how_bad_it_is_and_what_to_do()
    {
        Assert.Equal(Alerts.Rules.Count, Alerts.Rules.Select(rule => rule.TextAt("alert")).Distinct().Count());
        Assert.All(Alerts.Rules, rule =>
        {
            Assert.Contains(rule.TextAt("labels/severity"), _severities);
            Assert.NotEmpty(rule.TextAt("annotations/summary"));
            Assert.All(Quoted().Matches(rule.TextAt("annotations/description")).Select(match => match.Groups["what"].Value), what =>
            {
                var isThere = what.StartsWith("liferaft ", StringComparison.Ordinal)
                    ? Readme.ToolCommands.Contains(what["liferaft ".Length..])
                    : Readme.Text.Contains($"### {what}\n", StringComparison.Ordinal);
                Assert.True(isThere, $"{rule.TextAt("alert")} sends its reader to '{what}', which {Readme.Path} does not have.");
            });
        });
    }

    /// <summary>What a silo of a small cluster really tells is in the tests that run one.</summary>
    [Fact]
    public void The_metrics_that_only_trouble_brings_about_are_on_the_page_of_telemetry() => Assert.Subset(TelemetryPage.Metrics.ToHashSet(), MetricNames.OnlyInTrouble.ToHashSet());

    [Fact]
    public void The_page_names_no_alert_that_there_is_not() =>
        Assert.Empty(AlertName().Matches(Readme.Text).Select(match => match.Value).Except(Alerts.Rules.Select(rule => rule.TextAt("alert"))));

    [Fact]
    public void Prometheus_scrapes_every_silo_of_compose()
    {
        var job = Yaml.Parse(Tree.Read($"{Folder}/prometheus.yaml")).At("scrape_configs/0");
        Assert.Equal("/metrics", job.TextAt("metrics_path"));
        Assert.Equal(_compose.SiloServices.Keys.Order().Select(silo => $"{silo}:8080"), job.At("static_configs/0/targets").Texts());
        Assert.Equal("silo", job.TextAt("relabel_configs/0/target_label"));
    }

    [Fact]
    public void Grafana_finds_its_datasource_and_its_dashboard()
    {
        var datasource = Yaml.Parse(Tree.Read($"{Folder}/grafana-datasource.yaml")).At("datasources/0");
        Assert.Equal("http://prometheus:9090", datasource.TextAt("url"));
        Assert.Contains("prometheus", _compose.Services.Keys);
        var uid = datasource.TextAt("uid");
        Assert.All(Dashboard.Panels, panel => Assert.Equal(uid, panel.TextAt("datasource/uid")));

        var provider = Yaml.Parse(Tree.Read($"{Folder}/grafana-dashboards.yaml")).At("providers/0");
        var mounted = _compose.Services["grafana"]["configs"]!.AsArray().Select(config => config.TextAt("target")).ToList();
        var home = _compose.Services["grafana"].TextAt("environment/GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH");
        Assert.Contains(home, mounted);
        Assert.Equal(Path.GetDirectoryName(home), provider.TextAt("options/path"));
    }

    [Fact]
    public void Panels_of_the_dashboard_are_told_apart_and_lie_beside_each_other()
    {
        var all = Dashboard.Root["panels"]!.AsArray();
        Assert.Equal(all.Count, all.Select(panel => panel.TextAt("id")).Distinct().Count());
        Assert.Equal(Dashboard.Panels.Count, Dashboard.Panels.Select(panel => panel.TextAt("title")).Distinct().Count());
        var cells = all.SelectMany(panel => Cells(panel!["gridPos"]!)).ToList();
        Assert.Equal(cells.Count, cells.Distinct().Count());
        Assert.All(cells, cell => Assert.InRange(cell.X, 0, 23));
    }

    private static IEnumerable<(int X, int Y)> Cells(JsonNode position) =>
        from x in Enumerable.Range((int)position["x"]!, (int)position["w"]!)
        from y in Enumerable.Range((int)position["y"]!, (int)position["h"]!)
        select (x, y);

    [GeneratedRegex("'(?<what>[^']+)'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\bLifeRaft[A-Z]\w+")]
    private static partial Regex AlertName();
}
