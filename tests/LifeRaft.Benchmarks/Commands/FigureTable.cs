using System.Globalization;
using Spectre.Console;

namespace LifeRaft.Benchmarks;

/// <summary>Shows figures beside their goals.</summary>
internal static class FigureTable
{
    public static void Show(IReadOnlyList<Figure> figures)
    {
        var table = PlainTable.Of("measure", "measured", "", "goal", "");
        foreach (var figure in figures)
        {
            var goal = figure.Goal is { } value ? $"at {(figure.IsAtMost ? "most" : "least")} {Number(value)}" : "";
            table.AddRow(figure.Measure, Number(figure.Value), figure.Unit, goal, PlainTable.Verdict(figure.IsMet));
        }

        AnsiConsole.Write(table);
    }

    private static string Number(double number) => number.ToString(number >= 1000 ? "N0" : "0.##", CultureInfo.InvariantCulture);
}
