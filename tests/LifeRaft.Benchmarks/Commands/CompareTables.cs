using System.Globalization;
using Spectre.Console;

namespace LifeRaft.Benchmarks;

/// <summary>What <c>compare</c> shows: narrow enough for a terminal of 80 columns.</summary>
internal static class CompareTables
{
    public static void Show(IReadOnlyList<Measurement> rows, IReadOnlyList<SystemKind> systems)
    {
        foreach (var system in systems)
        {
            AnsiConsole.MarkupLineInterpolated($"[bold]{system.Name}[/]: {system.Missing() ?? system.Note}");
            var measured = rows.Where(row => row.System == system.Name).ToList();
            if (measured.Count > 0)
            {
                AnsiConsole.Write(Figures(measured));
            }

            AnsiConsole.WriteLine();
        }

        foreach (var ratios in Ratio.Of(rows).GroupBy(ratio => ratio.System))
        {
            AnsiConsole.MarkupLineInterpolated($"[bold]{ratios.Key}[/], how many times the other's figure of this run:");
            AnsiConsole.Write(Goals(ratios));
            AnsiConsole.WriteLine();
        }
    }

    private static Table Figures(IEnumerable<Measurement> rows)
    {
        var table = PlainTable.Of("workload", "clients", "per s", "p50 us", "p99 us", "p99.9", "CPU us", "bytes");
        foreach (var row in rows)
        {
            var workload = row.ValueBytes == Values.UsualBytes ? row.Workload : $"{row.Workload} {Length(row.ValueBytes)}";
            var bytes = row.BytesPerOp is { } allocated ? Number(allocated) : "-";
            table.AddRow(workload, Number(row.Clients), Number(row.PerSecond), Number(row.P50Us), Number(row.P99Us), Number(row.P999Us), Number(row.CpuUsPerOp, row.CpuUsPerOp < 100 ? "N1" : "N0"), bytes);
        }

        return table;
    }

    private static Table Goals(IEnumerable<Ratio> ratios)
    {
        var table = PlainTable.Of("ratio", "measured", "goal", "");
        foreach (var ratio in ratios)
        {
            var verdict = PlainTable.Verdict(ratio.Measured is null ? null : ratio.IsMet);
            table.AddRow(ratio.Name, ratio.Measured is { } measured ? Number(measured, "N2") : "-", $"{(ratio.IsAtMost ? "at most" : "at least")} {Number(ratio.Goal, "0.##")}", verdict);
        }

        return table;
    }

    private static string Length(int bytes) => bytes < 1024 ? $"{bytes} B" : $"{bytes / 1024} KiB";

    private static string Number(double number, string form = "N0") => number.ToString(form, CultureInfo.InvariantCulture);
}
