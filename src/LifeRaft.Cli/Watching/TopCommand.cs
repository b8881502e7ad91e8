using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>The command <c>top</c>: the cluster as it is now, drawn again and again.</summary>
internal static class TopCommand
{
    private static readonly UsualOption<TimeSpan> _interval = DurationOption.Create("--interval", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1), "How often it looks; rates are of this time.");

    private static readonly Option<bool> _once = new("--once") { Description = "Look twice, print once, and end. So it is also where nobody looks at a terminal." };

    public static Command Create()
    {
        var command = new Command("top", "Shows silos and groups live, with rates. 'q' ends it.") { _interval, _once };
        ClusterArguments.AddTo(command);
        command.Runs(async run =>
        {
            await using var connection = await run.Connect();
            if (run.Get(_once) || run.IsJson || !Terminal.Is(run.Output))
            {
                await Once(run, connection);
            }
            else
            {
                await new TopScreen(connection, run.Get(_interval), run.Format, TimeProvider.System).Run(Terminal.ConsoleOn(run.Output), run.CancellationToken);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task Once(CommandRun run, ClusterConnection connection)
    {
        var operations = connection.Operations();
        var before = await operations.Look(run.CancellationToken);
        await Task.Delay(run.Get(_interval), TimeProvider.System, run.CancellationToken);
        var sample = new TopSample(before, await operations.Look(run.CancellationToken));
        if (run.IsJson)
        {
            Json.Write(run.Output, sample.Document);
            return;
        }

        var verdict = ClusterVerdict.Of(sample.Now);
        HealthWords.Write(run.Output, verdict.Health, [.. TopScreen.Banner(sample, verdict), .. verdict.Problems.Select(problem => $"problem: {problem}")]);
        run.Output.WriteLine();
        SiloRow.Listing().Write(run.Output, run.Format, SiloRow.All(sample.Now));
        run.Output.WriteLine();
        sample.Listing().Write(run.Output, run.Format, sample.Now.Groups);
    }
}
