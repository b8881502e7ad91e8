using System.Globalization;

namespace LifeRaft.Cli.Tests.Status;

/// <summary>How reports look, in every state that a group can be in.</summary>
public sealed class StatusSnapshotTests
{
    public static TheoryData<string> States => ["healthy", "degraded", "no-quorum", "no-leader"];

    [Theory]
    [MemberData(nameof(States))]
    public void Tables_of_a_cluster(string state)
    {
        var report = Of(state);
        var verdict = ClusterVerdict.Of(report);
        Snapshot.Matches($"cluster-{state}", Text(output =>
        {
            HealthWords.Write(output, verdict.Health, [.. verdict.Banner, .. verdict.Problems]);
            SiloRow.Listing().Write(output, OutputFormat.Table, SiloRow.All(report));
            GroupsTable.Listing(report.At).Write(output, OutputFormat.Table, report.Groups);
            SiloRow.Listing().Write(output, OutputFormat.Wide, SiloRow.All(report));
            GroupsTable.Listing(report.At).Write(output, OutputFormat.Wide, report.Groups);
        }));
    }

    [Theory]
    [MemberData(nameof(States))]
    public void Tables_of_a_group(string state)
    {
        var group = Reports.Group(Of(state));
        Snapshot.Matches($"group-{state}", Text(output =>
        {
            HealthWords.Write(output, group.Health, GroupDetails.Banner(group, Reports.Now));
            GroupDetails.Listing().Write(output, OutputFormat.Table, group.Members);
            GroupDetails.Listing().Write(output, OutputFormat.Wide, group.Members);
            MembersTable.Listing().Write(output, OutputFormat.Table, group.Members);
        }));
    }

    [Theory]
    [MemberData(nameof(States))]
    public void Documents_for_programs(string state) => Snapshot.Matches($"document-{state}", Text(output => Json.Write(output, Documents.Of(Of(state)))));

    private static ClusterReport Of(string state) => state switch
    {
        "healthy" => Reports.Healthy,
        "degraded" => Reports.Degraded,
        "no-quorum" => Reports.NoQuorum,
        _ => Reports.NoLeader,
    };

    private static string Text(Action<TextWriter> write)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        write(output);
        return output.ToString();
    }
}
