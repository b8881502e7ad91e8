using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>The command <c>health</c>: a question for scripts, answered by the exit code and in a few lines.</summary>
internal static class HealthCommand
{
    private static readonly Argument<string?> _group = GroupArgument.Optional("The group; the whole cluster without it.");

    public static Command Create()
    {
        var command = new Command("health", "Says whether the cluster, or one group, is healthy: exit code 0 if so, 1 if not.") { _group };
        ClusterArguments.AddTo(command);
        command.Runs(async run =>
        {
            await using var connection = await run.Connect();
            var (what, health, problems) = run.Get(_group) is { } group ? await Group(run, connection, group) : await Cluster(run, connection);
            if (run.IsJson)
            {
                Json.Write(run.Output, new { what, health, problems });
            }
            else
            {
                HealthWords.Write(run.Output, health, [$"{what}: {HealthWords.Of(health)}", .. problems.Select(problem => $"problem: {problem}")]);
            }

            return health == GroupHealth.Healthy ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }

    private static async Task<(string What, GroupHealth Health, IReadOnlyList<string> Problems)> Group(CommandRun run, ClusterConnection connection, string name)
    {
        var group = await connection.Operations().Look(name, run.CancellationToken);
        return (group.Name, group.Health, group.Problems is [] && group.Health != GroupHealth.Healthy ? [ClusterVerdict.ProblemOf(group)] : group.Problems);
    }

    private static async Task<(string What, GroupHealth Health, IReadOnlyList<string> Problems)> Cluster(CommandRun run, ClusterConnection connection)
    {
        var verdict = ClusterVerdict.Of(await connection.Operations().Look(run.CancellationToken));
        return ("cluster", verdict.Health, verdict.Problems);
    }
}
