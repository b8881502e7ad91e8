using Spectre.Console;

namespace LifeRaft.Cli;

/// <summary>
/// A table of rows. On a terminal that is wide enough it has rules and colours; elsewhere it is columns with two spaces between them, one line a row, that
/// neither break nor are cut.
/// </summary>
/// <typeparam name="T">What a row is made of.</typeparam>
internal sealed class Listing<T>
{
    private readonly List<ListingColumn<T>> _columns = [];

    /// <summary>Adds a column.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="text">What a row has there.</param>
    /// <param name="isRight">Whether it is aligned to the right, as numbers are.</param>
    /// <param name="isWide">Whether it is only there with <c>-o wide</c>.</param>
    /// <param name="colour">The colour of a row's text, a word of Spectre.Console; null for none. The text must say the same without it.</param>
    public Listing<T> Column(string title, Func<T, string> text, bool isRight = false, bool isWide = false, Func<T, string?>? colour = null)
    {
        _columns.Add(new ListingColumn<T>(title, text, isRight, isWide, colour));
        return this;
    }

    /// <summary>Prints the rows.</summary>
    public void Write(TextWriter output, OutputFormat format, IEnumerable<T> rows)
    {
        var columns = _columns.Where(column => format == OutputFormat.Wide || !column.IsWide).ToList();
        var all = rows.ToList();
        if (Terminal.Is(output) && all.Count == 0)
        {
            return; // Titles of nothing are for programs; people are told in words.
        }

        if (Terminal.Is(output) && Terminal.ConsoleOn(output) is var console && WidthOf(columns, all) <= console.Profile.Width)
        {
            console.Write(Drawn(columns, all));
        }
        else
        {
            WritePlain(output, columns, all);
        }
    }

    /// <summary>The table as something to be drawn, for who draws it again and again.</summary>
    public Table Draw(OutputFormat format, IEnumerable<T> rows) =>
        Drawn([.. _columns.Where(column => format == OutputFormat.Wide || !column.IsWide)], rows);

    /// <summary>With its rules. A table that is squeezed breaks its words, and nobody can read it: one that does not fit is not drawn.</summary>
    private static int WidthOf(List<ListingColumn<T>> columns, List<T> rows) =>
        1 + columns.Sum(column => 3 + rows.Select(row => column.Cell(row).Length).Append(column.Title.Length).Max());

    private static Table Drawn(List<ListingColumn<T>> columns, IEnumerable<T> rows)
    {
        var table = new Table { Border = TableBorder.Rounded, BorderStyle = new Style(Color.Grey) };
        foreach (var column in columns)
        {
            var drawn = new TableColumn($"[bold]{Markup.Escape(column.Title)}[/]");
            table.AddColumn(column.IsRight ? drawn.RightAligned() : drawn);
        }

        foreach (var row in rows)
        {
            table.AddRow([.. columns.Select(column => column.Markup(row))]);
        }

        return table;
    }

    private static void WritePlain(TextWriter output, List<ListingColumn<T>> columns, IEnumerable<T> rows)
    {
        var cells = rows.Select(row => columns.Select(column => column.Cell(row)).ToList()).Prepend([.. columns.Select(column => column.Title.ToUpperInvariant())]).ToList();
        var widths = columns.Select((_, index) => cells.Max(row => row[index].Length)).ToList();
        foreach (var row in cells)
        {
            var padded = row.Select((text, index) => columns[index].IsRight ? text.PadLeft(widths[index]) : text.PadRight(widths[index]));
            output.WriteLine(string.Join("  ", padded).TrimEnd());
        }
    }
}

internal sealed record ListingColumn<T>(string Title, Func<T, string> Text, bool IsRight, bool IsWide, Func<T, string?>? Colour)
{
    /// <summary>What a row has there, on one line.</summary>
    public string Cell(T row) => TerminalText.Of(Text(row).ReplaceLineEndings(" "));

    public string Markup(T row)
    {
        var text = Spectre.Console.Markup.Escape(Cell(row));
        return Colour?.Invoke(row) is { } colour ? $"[{colour}]{text}[/]" : text;
    }
}
