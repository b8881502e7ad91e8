using System.Globalization;
using Spectre.Console;

namespace LifeRaft.Cli;

/// <summary>The figures for a person, and in words what they prove.</summary>
internal static class DemoTable
{
    // What LifeRaft means to reach with three silos in one process on two cores.
    private const double P50GoalUs = 1_000;
    private const double WritesPerSecondGoal = 10_000;

    public static void Write(TextWriter output, DemoFigures figures)
    {
        var console = Terminal.ConsoleOn(output);
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("figure").AddColumn(new TableColumn("value").RightAligned()).AddColumn("");
        AddWrites(table, figures);
        AddLeader(table, figures);
        AddSpeed(table, figures);
        Add(table, "the whole run", Seconds(figures.TotalMs), "");
        console.WriteLine();
        console.Write(table);
        foreach (var (hash, nodes) in figures.StateHash.GroupBy(node => node.Value).Select(same => (same.Key, same.Select(node => node.Key))))
        {
            console.WriteLine($"State of {string.Join(", ", nodes)}:");
            console.WriteLine($"  {hash} (SHA-256)");
        }

        if (figures.P50Us > P50GoalUs || figures.WritesPerSecond < WritesPerSecondGoal)
        {
            console.WriteLine("The goals are meant for two cores that have nothing else to do.");
        }

        console.WriteLine();
        WriteVerdict(console, figures);
    }

    private static void AddWrites(Table table, DemoFigures figures)
    {
        Add(table, "writes acknowledged", Number(figures.Acknowledged), "");
        Add(table, "  lost", Number(figures.Lost), "acknowledged, but not there");
        Add(table, "  duplicated", Number(figures.Duplicated), "applied more than once");
        Add(table, "writes of unknown outcome", Number(figures.Unknown), $"{Number(figures.UnknownApplied)} turned out applied");
        Add(table, "commands applied", Number(figures.CommandsApplied), "as the state machine counts");
    }

    private static void AddLeader(Table table, DemoFigures figures)
    {
        Add(table, "first leader elected", Milliseconds(figures.ElectedMs), "after the first Join");
        Add(table, "new leader seen", Milliseconds(figures.NewLeaderMs), "after the kill");
        Add(table, "without a leader", Milliseconds(figures.LeaderlessMs), "until the next write succeeded");
        Add(table, "restarted silo caught up", Milliseconds(figures.CaughtUpMs), $"its log lacked {Number(figures.MissedEntries)} entries");
    }

    private static void AddSpeed(Table table, DemoFigures figures)
    {
        Add(table, "durable write, 1 client, p50", Microseconds(figures.P50Us), Goal(figures.P50Us <= P50GoalUs, "at most 1 ms", figures.P50Us));
        Add(table, "durable write, 1 client, p99", Microseconds(figures.P99Us), "");
        Add(table, $"writes per second, {Number(figures.Clients)} clients", Number(figures.WritesPerSecond), Goal(figures.WritesPerSecond >= WritesPerSecondGoal, "at least 10,000", figures.WritesPerSecond));
        Add(table, $"durable write, {Number(figures.Clients)} clients, p50", Microseconds(figures.ClientsP50Us), "");
        Add(table, $"durable write, {Number(figures.Clients)} clients, p99", Microseconds(figures.ClientsP99Us), "");
    }

    private static void WriteVerdict(IAnsiConsole console, DemoFigures figures)
    {
        if (figures.Held)
        {
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[green]Everything held:[/] {figures.Acknowledged:N0} acknowledged writes read back, 0 lost, 0 duplicated;");
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"all {figures.StateHash.Count} nodes hold the same state at index {figures.StateIndex.Values.First():N0}.");
        }
        else
        {
            console.MarkupLine("[red]It did not hold:[/]");
            foreach (var problem in figures.Problems)
            {
                console.WriteLine($"- {problem}");
            }
        }

        if (figures.Data is not null)
        {
            console.WriteLine($"The logs are in {figures.Data}");
        }
    }

    /// <summary>A row, unless the run did not get so far.</summary>
    private static void Add(Table table, string figure, string? value, string remark)
    {
        if (value is not null)
        {
            table.AddRow(new Text(figure), new Text(value), new Text(remark));
        }
    }

    private static string Goal(bool isMet, string goal, double? value) =>
        value is null ? "" : isMet ? $"goal met: {goal}" : $"goal missed: {goal}";

    private static string? Number(double? number) => number is null ? null : string.Create(CultureInfo.InvariantCulture, $"{number:N0}");

    private static string? Milliseconds(double? time) => time is null ? null : string.Create(CultureInfo.InvariantCulture, $"{time:N0} ms");

    private static string? Microseconds(long? time) => time is null ? null : string.Create(CultureInfo.InvariantCulture, $"{time / 1000.0:0.00} ms");

    private static string? Seconds(double? time) => time is null ? null : string.Create(CultureInfo.InvariantCulture, $"{time / 1000:0.0} s");
}
