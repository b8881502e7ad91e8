using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>The command <c>silo</c>: lists silos, and keeps one from leading before it is stopped.</summary>
internal static class SiloCommand
{
    private static readonly Argument<string> _silo = new("silo") { Description = "The silo's name, as 'liferaft silo list' shows it." };

    public static Command Create()
    {
        var list = new Command("list", "Lists the silos, those that say nothing too.");
        list.Runs(List);

        var drain = new Command("drain", "Makes a silo lead nothing, until it is resumed or ends. It goes on voting and replicating. Exit code 1 if it still leads groups.") { _silo };
        drain.Runs(Drain);

        var resume = new Command("resume", "Lets a drained silo lead again.") { _silo };
        resume.Runs(Resume);

        var command = new Command("silo", "Lists silos, and keeps one from leading before it is stopped.") { list, drain, resume };
        ClusterArguments.AddTo(command);
        return command;
    }

    private static async Task<int> List(CommandRun run)
    {
        await using var connection = await run.Connect();
        var report = await connection.Operations().Look(run.CancellationToken);
        var silos = SiloRow.All(report);
        run.Write(new { at = report.At, silos = silos.Select(Documents.Of).ToList() }, SiloRow.Listing(), silos);
        if (!run.IsJson)
        {
            foreach (var silo in silos.Where(silo => silo.Problem is not null))
            {
                run.Output.WriteLine($"problem: {silo.Problem}");
            }
        }

        return ExitCodes.Done;
    }

    private static async Task<int> Drain(CommandRun run)
    {
        await using var connection = await run.Connect();
        var silo = run.Get(_silo)!;
        var led = await connection.Operations().Drain(silo, run.CancellationToken);
        run.Write(
            new { silo, isDrained = true, stillLeads = led },
            led.Count == 0
                ? $"{silo} leads nothing, until 'liferaft silo resume {silo}' or its end."
                : $"{silo} is drained, but still leads {string.Join(", ", led)}: no other voter could take over in time. It goes on trying; look at those groups.");
        return led.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static async Task<int> Resume(CommandRun run)
    {
        await using var connection = await run.Connect();
        var silo = run.Get(_silo)!;
        await connection.Operations().Resume(silo, run.CancellationToken);
        run.Write(new { silo, isDrained = false }, $"{silo} may lead again.");
        return ExitCodes.Done;
    }
}
