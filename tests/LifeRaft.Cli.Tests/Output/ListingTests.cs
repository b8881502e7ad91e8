using System.Globalization;

namespace LifeRaft.Cli.Tests.Output;

public sealed class ListingTests
{
    private static readonly Listing<(string Name, int Size)> _listing = new Listing<(string Name, int Size)>()
        .Column("name", row => row.Name, colour: _ => "red")
        .Column("size", row => row.Size.ToString(CultureInfo.InvariantCulture), isRight: true)
        .Column("half", row => (row.Size / 2).ToString(CultureInfo.InvariantCulture), isRight: true, isWide: true);

    [Fact]
    public void Where_nobody_looks_it_is_plain_columns_that_are_neither_coloured_nor_cut()
    {
        var name = new string('x', 200);
        Assert.Equal([$"{"NAME",-200}  SIZE", $"{"[a]",-200}     1", $"{name}  1000"], Lines(OutputFormat.Table, ("[a]", 1), (name, 1000)));
    }

    [Fact]
    public void Wide_has_all_columns() => Assert.Equal(["NAME  SIZE  HALF", "a        4     2"], Lines(OutputFormat.Wide, ("a", 4)));

    [Fact]
    public void A_line_is_a_row_whatever_is_in_it() => Assert.Equal(["NAME  SIZE", "a b      4"], Lines(OutputFormat.Table, ("a\nb", 4)));

    [Fact]
    public void What_would_act_on_the_terminal_is_shown_instead() => Assert.Equal(["NAME      SIZE", "a\\x1b[2J     4"], Lines(OutputFormat.Table, ("a\u001b[2J", 4)));

    [Fact]
    public void Without_rows_there_is_the_head() => Assert.Equal(["NAME  SIZE"], Lines(OutputFormat.Table));

    private static string[] Lines(OutputFormat format, params (string, int)[] rows)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        _listing.Write(output, format, rows);
        return output.ToString().TrimEnd().Split(Environment.NewLine);
    }
}
