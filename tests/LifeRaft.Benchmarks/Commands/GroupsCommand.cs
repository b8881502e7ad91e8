using System.CommandLine;
using Spectre.Console;

namespace LifeRaft.Benchmarks;

/// <summary>The command <c>groups</c>: what many groups cost, idle and busy.</summary>
internal static class GroupsCommand
{
    private static readonly Option<int> _groups = new("--groups") { Description = "How many groups of three nodes are created.", DefaultValueFactory = _ => 10_000 };

    private static readonly Option<int> _active = new("--active") { Description = "To how many of them is written.", DefaultValueFactory = _ => 1000 };

    private static readonly Option<int[]> _clients = new("--clients") { Description = "How many writes are under way at once.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [64, 256] };

    private static readonly Option<double> _settling = new("--settling") { Description = "For how many seconds the groups are left alone before they count as idle.", DefaultValueFactory = _ => 10 };

    private static readonly Option<double> _seconds = new("--seconds") { Description = "How long the idle CPU, and each load, is measured.", DefaultValueFactory = _ => 5 };

    private static readonly Option<string> _log = new("--log") { Description = $"The silos' log: {string.Join(" or ", SiloSettings.Logs)}.", DefaultValueFactory = _ => SiloSettings.Logs[0] };

    private static readonly Option<FileInfo?> _json = new("--json") { Description = "Writes the rows to this file, too." };

    public static Command Create()
    {
        var command = new Command("groups", "Measures many groups on three silos in one process: creation, idle CPU, memory, writes, and the restart of a silo.") { _groups, _active, _clients, _settling, _seconds, _log, _json };
        _log.AcceptOnlyFromAmong([.. SiloSettings.Logs]);
        command.Validators.Add(result =>
        {
            if (result.Breaks(_groups, groups => groups >= 1) || result.Breaks(_active, active => active >= 1) || result.Breaks(_clients, clients => clients.All(count => count >= 1))
                || result.Breaks(_seconds, seconds => seconds > 0) || result.Breaks(_settling, settling => settling >= 0))
            {
                result.AddError("--groups, --active and --clients are from 1 on, --seconds is more than 0, and --settling is not negative.");
            }
        });
        command.SetAction(async (result, cancellationToken) =>
        {
            var plan = new GroupsPlan(
                result.GetValue(_groups), result.GetValue(_active), result.GetValue(_clients)!, TimeSpan.FromSeconds(result.GetValue(_settling)), TimeSpan.FromSeconds(result.GetValue(_seconds)));
            var figures = await AnsiConsole.Status().StartAsync("three silos start", async status =>
            {
                await using var silos = await SilosInProcess.Start(result.GetValue(_log)!);
                return await new GroupsRun(silos, plan, text => status.Status(text)).Measure(cancellationToken);
            });
            FigureTable.Show(figures);
            if (result.GetValue(_json) is { } file)
            {
                await Figure.Write(file, figures, cancellationToken);
            }
        });
        return command;
    }
}
