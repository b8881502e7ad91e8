using Spectre.Console;

namespace LifeRaft.Benchmarks;

/// <summary>Tables with a line under the headings only, narrow enough for a terminal of 80 columns.</summary>
internal static class PlainTable
{
    /// <param name="first">The heading of the text to the left.</param>
    /// <param name="others">The headings of what is to the right.</param>
    public static Table Of(string first, params IEnumerable<string> others)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn(first).NoWrap().PadLeft(0).PadRight(0));
        foreach (var heading in others)
        {
            table.AddColumn(new TableColumn(heading).RightAligned().NoWrap().PadLeft(1).PadRight(0));
        }

        return table;
    }

    /// <summary>Says whether a goal is met, as markup; nothing where that is not known.</summary>
    public static string Verdict(bool? isMet) => isMet switch
    {
        true => "[green]met[/]",
        false => "[red]missed[/]",
        null => "",
    };
}
