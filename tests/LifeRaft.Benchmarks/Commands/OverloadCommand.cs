using System.CommandLine;
using Spectre.Console;

namespace LifeRaft.Benchmarks;

/// <summary>The command <c>overload</c>: what becomes of a group that is asked for more than it can do.</summary>
internal static class OverloadCommand
{
    private static readonly Option<int> _rounds = new("--rounds") { Description = "How often it is done, each time with new silos; the figures are medians.", DefaultValueFactory = _ => 3 };

    private static readonly Option<int?> _clients = new("--clients") { Description = "How many clients saturate it. With nothing said that is found out, in the first round." };

    private static readonly Option<double> _seconds = new("--seconds") { Description = "How long each load runs.", DefaultValueFactory = _ => 20 };

    private static readonly Option<string> _log = new("--log") { Description = $"The silos' log: {string.Join(" or ", SiloSettings.Logs)}.", DefaultValueFactory = _ => SiloSettings.Logs[0] };

    private static readonly Option<FileInfo?> _json = new("--json") { Description = "Writes the rows to this file, too." };

    public static Command Create()
    {
        var command = new Command(
            "overload",
            $"Measures writes of {Values.UsualBytes} bytes by as many clients as saturate a group, and by {OverloadRun.Overload} times as many: throughput, how long accepted writes take, refusals, and the silos' memory. Once with the default bounds, and once with a bound of what saturates it.")
        {
            _rounds, _clients, _seconds, _log, _json,
        };
        _log.AcceptOnlyFromAmong([.. SiloSettings.Logs]);
        command.Validators.Add(result =>
        {
            if (result.Breaks(_rounds, rounds => rounds >= 1) || result.Breaks(_clients, clients => clients >= 1) || result.Breaks(_seconds, seconds => seconds > 0))
            {
                result.AddError("--rounds and --clients are from 1 on, and --seconds is more than 0.");
            }
        });
        command.SetAction(async (result, cancellationToken) =>
        {
            var figures = await Measure(result.GetValue(_rounds), result.GetValue(_clients), TimeSpan.FromSeconds(result.GetValue(_seconds)), result.GetValue(_log)!, cancellationToken);
            FigureTable.Show(figures);
            if (result.GetValue(_json) is { } file)
            {
                await Figure.Write(file, figures, cancellationToken);
            }
        });
        return command;
    }

    private static Task<IReadOnlyList<Figure>> Measure(int rounds, int? clients, TimeSpan duration, string log, CancellationToken cancellationToken) =>
        AnsiConsole.Status().StartAsync("three silos start", async status =>
        {
            var all = new List<IReadOnlyList<Figure>>();
            for (var round = 1; round <= rounds; round++)
            {
                var run = new OverloadRun(
                    bound => LifeRaftProcesses.Start($"liferaft {log}", log, mostPending: bound), clients, duration, text => status.Status($"round {round} of {rounds}: {text}"));
                all.Add(await run.Measure(cancellationToken));

                // The rounds are to be of the same load, or their median would be of none.
                clients = (int)all[0][0].Value;
            }

            return Figure.MediansOf(all);
        });
}
