using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace LifeRaft.Benchmarks;

/// <summary>The command <c>compare</c>.</summary>
internal static class CompareCommand
{
    private static readonly Option<int> _rounds = new("--rounds") { Description = "How often each system is started and measured; the figures are medians.", DefaultValueFactory = _ => 5 };

    private static readonly Option<double> _seconds = new("--seconds") { Description = "How long each measurement takes, after a warm-up of the same length.", DefaultValueFactory = _ => 3 };

    private static readonly Option<int[]> _clients = new("--clients") { Description = "How many requests are under way at once.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [1, 64, 256] };

    private static readonly Option<string[]> _systems = new("--systems") { Description = $"Which: {string.Join(", ", Systems.All.Select(system => system.Name))}.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [.. Systems.All.Select(system => system.Name)] };

    private static readonly Option<FileInfo?> _json = new("--json") { Description = "Writes the rows to this file, too." };

    public static Command Create()
    {
        var command = new Command("compare", "Measures durable writes of three nodes, reads, and the limits of what they rest on.") { _rounds, _seconds, _clients, _systems, _json };
        command.Validators.Add(result =>
        {
            foreach (var unknown in result.GetValue(_systems)!.Except(Systems.All.Select(system => system.Name)))
            {
                result.AddError($"--systems: '{unknown}' is none of {string.Join(", ", Systems.All.Select(system => system.Name))}.");
            }

            if (result.GetValue(_rounds) < 1 || result.GetValue(_seconds) is not > 0 || result.GetValue(_clients)!.Any(clients => clients < 1))
            {
                result.AddError("--rounds and --clients are from 1 on, and --seconds is more than 0.");
            }
        });
        command.SetAction(async (result, cancellationToken) =>
        {
            var systems = Systems.All.Where(system => result.GetValue(_systems)!.Contains(system.Name)).ToList();
            var rows = await Measure(systems, result.GetValue(_clients)!, result.GetValue(_rounds), TimeSpan.FromSeconds(result.GetValue(_seconds)), cancellationToken);
            Show(rows, systems);
            if (result.GetValue(_json) is { } file)
            {
                await MeasurementFile.Write(file, rows, cancellationToken);
            }
        });
        return command;
    }

    /// <summary>System after system, round after round: what the machine does beside them meets all of them alike.</summary>
    private static async Task<IReadOnlyList<Measurement>> Measure(
        List<SystemKind> systems, int[] clients, int rounds, TimeSpan duration, CancellationToken cancellationToken)
    {
        var all = new List<Measurement>();
        await AnsiConsole.Status().StartAsync("measuring", async status =>
        {
            for (var round = 1; round <= rounds; round++)
            {
                foreach (var kind in systems.Where(kind => kind.Missing() is null))
                {
                    status.Status($"round {round} of {rounds}: {kind.Name} starts");
                    await using var system = await kind.Start();
                    foreach (var (workload, count) in system.Workloads.SelectMany(workload => clients.Where(count => count == 1 || kind.IsConcurrent).Select(count => (workload, count))))
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        status.Status($"round {round} of {rounds}: {kind.Name}, {workload.Name}, {count} clients");
                        all.Add(await Measurement.Take(system, workload, count, duration, duration));
                    }
                }
            }
        });
        return [.. all.GroupBy(one => (one.System, one.Workload, one.Clients, one.ValueBytes)).Select(group => Measurement.MedianOf([.. group]))];
    }

    private static void Show(IReadOnlyList<Measurement> rows, IReadOnlyList<SystemKind> systems)
    {
        var table = new Table().AddColumn(new TableColumn("system").NoWrap()).AddColumn(new TableColumn("workload").NoWrap());
        foreach (var heading in new[] { "clients", "per second", "p50 us", "p99 us", "p99.9 us", "CPU us/op", "bytes/op" })
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        foreach (var row in rows)
        {
            table.AddRow(row.System, row.Workload, Number(row.Clients), Number(row.PerSecond), Number(row.P50Us), Number(row.P99Us), Number(row.P999Us), Number(row.CpuUsPerOp, "N1"), row.BytesPerOp is { } bytes ? Number(bytes) : "-");
        }

        AnsiConsole.Write(table);
        foreach (var system in systems)
        {
            AnsiConsole.WriteLine($"{system.Name}: {system.Missing() ?? system.Note}");
        }

        var ratios = new Table().AddColumns("ratio").AddColumn(new TableColumn("measured").RightAligned()).AddColumn(new TableColumn("goal").RightAligned());
        foreach (var ratio in Ratio.Of(rows))
        {
            ratios.AddRow(ratio.Name, Number(ratio.Measured, "N2"), $"{(ratio.IsAtMost ? "at most" : "at least")} {Number(ratio.Goal, "0.##")}");
        }

        AnsiConsole.Write(ratios);
    }

    private static string Number(double number, string form = "N0") => number.ToString(form, CultureInfo.InvariantCulture);
}
