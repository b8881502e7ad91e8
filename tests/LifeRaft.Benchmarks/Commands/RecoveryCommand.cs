using System.CommandLine;
using Spectre.Console;

namespace LifeRaft.Benchmarks;

/// <summary>The command <c>recovery</c>: how fast a node gets what it lacks.</summary>
internal static class RecoveryCommand
{
    private static readonly Option<int> _rounds = new("--rounds") { Description = "How often it is done, each time with new silos; the figures are medians.", DefaultValueFactory = _ => 5 };

    private static readonly Option<int> _megabytes = new("--megabytes") { Description = "How much of the log a follower misses, in MiB. Four times as much must be free on the disk.", DefaultValueFactory = _ => 1024 };

    private static readonly Option<string> _log = new("--log") { Description = $"The silos' log: {string.Join(" or ", SiloSettings.Logs)}.", DefaultValueFactory = _ => SiloSettings.Logs[0] };

    private static readonly Option<FileInfo?> _json = new("--json") { Description = "Writes the rows to this file, too." };

    public static Command Create()
    {
        var command = new Command(
            "recovery",
            "Measures how fast a follower catches up that missed a part of the log, and what that does to a write of 256 bytes every 2 ms; how long its silo takes to restart with that log; and how fast a snapshot is taken, sent and installed.")
        {
            _rounds, _megabytes, _log, _json,
        };
        _log.AcceptOnlyFromAmong([.. SiloSettings.Logs]);
        command.Validators.Add(result =>
        {
            if (result.Breaks(_rounds, rounds => rounds >= 1) || result.Breaks(_megabytes, megabytes => megabytes >= 1))
            {
                result.AddError("--rounds and --megabytes are from 1 on.");
            }
        });
        command.SetAction(async (result, cancellationToken) =>
        {
            var figures = Figure.MediansOf(await Measure(result.GetValue(_rounds), result.GetValue(_megabytes), result.GetValue(_log)!, cancellationToken));
            FigureTable.Show(figures);
            if (result.GetValue(_json) is { } file)
            {
                await Figure.Write(file, figures, cancellationToken);
            }
        });
        return command;
    }

    private static Task<List<IReadOnlyList<Figure>>> Measure(int rounds, int megabytes, string log, CancellationToken cancellationToken) =>
        AnsiConsole.Status().StartAsync("three silos start", async status =>
        {
            var all = new List<IReadOnlyList<Figure>>();
            for (var round = 1; round <= rounds; round++)
            {
                await using var silos = await LifeRaftProcesses.Start($"liferaft {log}", log, keepsLog: true);
                all.Add(await new RecoveryRun(silos, megabytes, text => status.Status($"round {round} of {rounds}: {text}")).Measure(cancellationToken));
            }

            return all;
        });
}
