using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>The command <c>status</c>: the cluster at a glance, or one group whole. It shows what there is, however little answers.</summary>
internal static class StatusCommand
{
    private static readonly Argument<string?> _group = GroupArgument.Optional("The group that is to be shown whole; all at a glance without it.");

    private static readonly Option<bool> _exitCode = new("--exit-code") { Description = "Exit with 1 unless all is healthy. Else the exit code says only whether something could be shown." };

    public static Command Create()
    {
        var command = new Command("status", "Shows the cluster at a glance, or one group whole: what silos answer, what is missing, and why.") { _group, _exitCode };
        ClusterArguments.AddTo(command);
        command.Runs(async run =>
        {
            await using var connection = await run.Connect();
            var health = run.Get(_group) is { } group ? await Show(run, connection, group) : await Show(run, connection);
            return run.Get(_exitCode) && health != GroupHealth.Healthy ? ExitCodes.Failed : ExitCodes.Done;
        });
        return command;
    }

    private static async Task<GroupHealth> Show(CommandRun run, ClusterConnection connection)
    {
        var report = await connection.Operations().Look(run.CancellationToken);
        var verdict = ClusterVerdict.Of(report);
        if (run.IsJson)
        {
            Json.Write(run.Output, Documents.Of(report));
            return verdict.Health;
        }

        HealthWords.Write(run.Output, verdict.Health, [.. verdict.Banner, .. verdict.Problems.Select(problem => $"problem: {problem}")]);
        run.Output.WriteLine();
        SiloRow.Listing().Write(run.Output, run.Format, SiloRow.All(report));
        if (report.Groups.Count > 0)
        {
            run.Output.WriteLine();
            GroupsTable.Listing(report.At).Write(run.Output, run.Format, report.Groups);
        }

        return verdict.Health;
    }

    private static async Task<GroupHealth> Show(CommandRun run, ClusterConnection connection, string name)
    {
        var group = await connection.Operations().Look(name, run.CancellationToken);
        if (run.IsJson)
        {
            Json.Write(run.Output, Documents.Of(group));
            return group.Health;
        }

        HealthWords.Write(run.Output, group.Health, GroupDetails.Banner(group, TimeProvider.System.GetUtcNow()));
        if (run.Format == OutputFormat.Wide)
        {
            run.Output.WriteLine($"id {group.Id}");
        }

        run.Output.WriteLine();
        GroupDetails.Listing().Write(run.Output, run.Format, group.Members);
        return group.Health;
    }
}
