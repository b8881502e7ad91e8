using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>The command <c>leader rebalance</c>: spreads leaders evenly over the silos.</summary>
internal static class RebalanceCommand
{
    private static readonly Option<bool> _dryRun = new("--dry-run") { Description = "Say which leaderships would move, and move none." };

    public static Command Create()
    {
        var command = new Command("rebalance", "Spreads leaders evenly over the silos that can lead. Exit code 1 if a leadership could not be moved.") { _dryRun };
        command.Runs(Rebalance);
        return command;
    }

    private static async Task<int> Rebalance(CommandRun run)
    {
        await using var connection = await run.Connect();
        var operations = connection.Operations();
        var moves = RaftCluster.PlanRebalance(await operations.Look(run.CancellationToken));
        if (run.Get(_dryRun))
        {
            Show(run, isDryRun: true, [.. moves.Select(move => new LeaderMoveResult(move, null))]);
            return ExitCodes.Done;
        }

        var results = await ProgressBar.While(run, "Moving leaders", progress =>
        {
            var done = 0L;
            return operations.Rebalance(moves, new Told(() => progress(Interlocked.Increment(ref done), moves.Count)), run.CancellationToken);
        });
        Show(run, isDryRun: false, results);
        return results.All(result => result.Problem is null) ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static void Show(CommandRun run, bool isDryRun, IReadOnlyList<LeaderMoveResult> results)
    {
        if (run.IsJson)
        {
            Json.Write(run.Output, new { isDryRun, moves = results.Select(result => new { result.Move.Group, result.Move.From, result.Move.To, result.Problem }).ToList() });
            return;
        }

        if (results.Count == 0)
        {
            run.Output.WriteLine("Leaders are spread evenly over the silos that can lead; nothing is to be moved.");
            return;
        }

        new Listing<LeaderMoveResult>()
            .Column("group", result => result.Move.Group)
            .Column("from", result => result.Move.From)
            .Column("to", result => result.Move.To)
            .Column("", result => isDryRun ? "would move" : result.Problem ?? "moved", colour: result => result.Problem is null ? null : "red")
            .Write(run.Output, run.Format, results);
        if (isDryRun)
        {
            run.Output.WriteLine("Nothing was changed: this was a dry run.");
        }
    }

    private sealed class Told(Action report) : IProgress<LeaderMoveResult>
    {
        public void Report(LeaderMoveResult value) => report();
    }
}
