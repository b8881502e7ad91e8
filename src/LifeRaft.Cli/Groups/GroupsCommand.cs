using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>The command <c>groups</c>: one line for each group, those with problems first.</summary>
internal static class GroupsCommand
{
    private static readonly Option<bool> _problem = new("--problem") { Description = "Only groups that are not healthy." };

    public static Command Create()
    {
        var command = new Command("groups", "Lists the groups, those with problems first.") { _problem };
        ClusterArguments.AddTo(command);
        command.Runs(async run =>
        {
            await using var connection = await run.Connect();
            var report = await connection.Operations().Look(run.CancellationToken);
            var groups = report.Groups.Where(group => !run.Get(_problem) || group.Health != GroupHealth.Healthy).ToList();
            if (run.IsJson)
            {
                Json.Write(run.Output, new { at = report.At, groups = groups.Select(Documents.Of).ToList(), silent = report.Silent });
                return ExitCodes.Done;
            }

            if (groups.Count > 0)
            {
                GroupsTable.Listing(report.At).Write(run.Output, run.Format, groups);
            }
            else
            {
                run.Output.WriteLine(report.Groups.Count == 0 ? "There is no group. Found one with 'liferaft group create kv/orders --members 3'." : $"None: {Figures.Count(report.Groups.Count, "group")}, all healthy.");
            }

            foreach (var problem in groups.SelectMany(group => group.Problems.Select(problem => $"{group.Name}: {problem}")))
            {
                run.Output.WriteLine($"problem: {problem}");
            }

            // What such a silo holds alone nobody knows.
            foreach (var silo in report.Silent)
            {
                await run.Error.WriteLineAsync($"{silo.Problem}; groups that only it knows are missing here");
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
