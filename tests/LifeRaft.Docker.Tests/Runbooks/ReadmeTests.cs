using System.CommandLine.Parsing;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LifeRaft.Cli;

namespace LifeRaft.Docker.Tests;

/// <summary>What is typed at three in the morning has to be right.</summary>
public partial class ReadmeTests
{
    private readonly ComposeFile _compose = new(ComposeFile.Silos, ComposeFile.Observability);
    private readonly Manifests _manifests = new();

    public static TheoryData<string> ToolCommands => [.. Readme.ToolCommands];

    [Theory]
    [MemberData(nameof(ToolCommands))]
    public void The_tool_understands(string command)
    {
        var root = Tool.CreateRoot();
        var parsed = root.Parse([.. CommandLineParser.SplitCommandLine(command).Select(Here)]);
        Assert.Empty(parsed.Errors.Select(error => error.Message));
        Assert.NotSame(root, parsed.CommandResult.Command);

        // An old name still works, but nobody finds it in the help.
        Assert.DoesNotContain(root.Subcommands, each => each.Hidden && command.StartsWith($"{each.Name} ", StringComparison.Ordinal));
    }

    /// <summary>The tool looks whether a directory is there before it begins.</summary>
    private static string Here(string argument) => argument == "/data/log" ? AppContext.BaseDirectory : argument;

    [Fact]
    public void Every_runbook_of_the_issue_is_there()
    {
        string[] runbooks = ["At three in the morning", "Rolling upgrade", "Replace a dead silo", "Add a silo", "Back up and restore", "A lost majority", "A full disk", "Certificate rotation"];
        Assert.Equal(runbooks, Heading().Matches(Readme.Text).Select(match => match.Groups["title"].Value));
        Assert.True(Readme.ToolCommands.Count > 20, $"Only {Readme.ToolCommands.Count} commands of the tool were found: is the reader of the page broken?");
    }

    [Fact]
    public void The_files_that_it_names_exist() => Assert.All(
        Readme.Code.SelectMany(code => FileArgument().Matches(code)).Select(match => match.Groups["file"].Value)
            .Concat(Link().Matches(Readme.Text).Select(match => $"docker/{match.Groups["target"].Value}")),
        file => Assert.True(Path.Exists(Tree.PathOf(file)), $"There is no {file}."));

    [Fact]
    public void The_services_of_compose_that_it_names_exist_but_for_the_one_to_add() => Assert.Empty(
        Readme.Code.Where(code => code.StartsWith("docker compose", StringComparison.Ordinal)).SelectMany(code => SiloName().Matches(code)).Select(match => match.Value)
            .Distinct().Except(_compose.Services.Keys).Except(["silo-4"]));

    [Fact]
    public void The_volumes_that_it_names_exist_but_for_its_own_copy()
    {
        var known = _compose.Section("volumes").Values.Select(volume => volume.TextAt("name"));
        var named = Readme.Code.SelectMany(code => VolumeName().Matches(code)).Select(match => match.Value).Distinct();
        Assert.Empty(named.Except(known));
    }

    [Fact]
    public void The_objects_of_Kubernetes_that_it_names_exist()
    {
        var set = _manifests.StatefulSet.Metadata.Name;
        var pods = Enumerable.Range(0, _manifests.StatefulSet.Spec.Replicas!.Value).Select(index => $"{set}-{index}").ToList();
        var claim = _manifests.StatefulSet.Spec.VolumeClaimTemplates[0].Metadata.Name;
        var kubectl = Readme.Code.Where(code => code.StartsWith("kubectl ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(kubectl);
        Assert.All(kubectl.SelectMany(code => StatefulSetName().Matches(code)), match => Assert.Equal(set, match.Groups["name"].Value));
        Assert.All(kubectl.SelectMany(code => ClaimName().Matches(code)), match => Assert.Contains(match.Groups["name"].Value, pods.Select(pod => $"{claim}-{pod}")));
        Assert.All(kubectl.SelectMany(code => PodName().Matches(code)), match => Assert.Contains(match.Groups["name"].Value, pods));
    }

    [Fact]
    public void The_settings_that_it_names_exist()
    {
        var settings = EffectiveConfiguration.Of(Tree.PathOf("docker/single.json"), ImageConfiguration.Environment);
        var named = Readme.Code.Where(code => Setting().IsMatch(code)).Select(code => code.Replace(':', '/'))
            .Concat(Readme.Code.SelectMany(code => Variable().Matches(code)).Select(match => match.Groups["path"].Value.Replace("__", "/", StringComparison.Ordinal)))
            .ToList();
        Assert.NotEmpty(named);
        Assert.All(named, path => Assert.True(settings.At(path) is JsonNode, $"{path} is no setting of the silo."));
    }

    [GeneratedRegex(@"^### (?<title>(?!Docker Compose|Kubernetes|One silo|What a silo).+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"--file(name)? (?<file>\S+)")]
    private static partial Regex FileArgument();

    [GeneratedRegex(@"\]\((?<target>[^):]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<![\w-])silo-\d+")]
    private static partial Regex SiloName();

    [GeneratedRegex(@"liferaft-silo-\d+")]
    private static partial Regex VolumeName();

    [GeneratedRegex(@"statefulset/(?<name>[\w-]+)")]
    private static partial Regex StatefulSetName();

    [GeneratedRegex(@" pvc (?<name>[\w-]+)")]
    private static partial Regex ClaimName();

    [GeneratedRegex(@"( pod | logs | exec (--\w+ )*)(?<name>liferaft-\d+)")]
    private static partial Regex PodName();

    [GeneratedRegex(@"^(Silo|Http|Clustering|Log|LifeRaft|Tls|Telemetry|Dashboard|Logging)(:\w+)+$")]
    private static partial Regex Setting();

    [GeneratedRegex(@"LIFERAFT_(?<path>\w+__\w+)")]
    private static partial Regex Variable();
}
