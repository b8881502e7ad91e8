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
        var table = Plain("workload", "clients", "per second", "p50 us", "p99 us", "p99.9 us", "CPU us", "bytes");
        foreach (var row in rows)
        {
            var workload = row.ValueBytes == Values.UsualBytes ? row.Workload : $"{row.Workload} {Length(row.ValueBytes)}";
            var bytes = row.BytesPerOp is { } allocated ? Number(allocated) : "-";
            table.AddRow(workload, Number(row.Clients), Number(row.PerSecond), Number(row.P50Us), Number(row.P99Us), Number(row.P999Us), Number(row.CpuUsPerOp, "N1"), bytes);
        }

        return table;
    }

    private static Table Goals(IEnumerable<Ratio> ratios)
    {
        var table = Plain("ratio", "measured", "goal", "");
        foreach (var ratio in ratios)
        {
            var verdict = ratio.Measured is null ? "" : ratio.IsMet ? "[green]met[/]" : "[red]missed[/]";
            table.AddRow(ratio.Name, ratio.Measured is { } measured ? Number(measured, "N2") : "-", $"{(ratio.IsAtMost ? "at most" : "at least")} {Number(ratio.Goal, "0.##")}", verdict);
        }

        return table;
    }

    /// <summary>A line under the headings; text to the left, then numbers to the right.</summary>
    private static Table Plain(string first, params IEnumerable<string> others)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn(first).NoWrap().PadLeft(0).PadRight(0));
        foreach (var heading in others)
        {
            table.AddColumn(new TableColumn(heading).RightAligned().NoWrap().PadLeft(1).PadRight(0));
        }

        return table;
    }

    private static string Length(int bytes) => bytes < 1024 ? $"{bytes} B" : $"{bytes / 1024} KiB";

    private static string Number(double number, string form = "N0") => number.ToString(form, CultureInfo.InvariantCulture);
}
