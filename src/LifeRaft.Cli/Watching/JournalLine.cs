using System.Globalization;
using Spectre.Console;

namespace LifeRaft.Cli;

/// <summary>One event, as a line.</summary>
internal static class JournalLine
{
    private const int WhereWidth = 10;
    private const int GroupWidth = 14;

    public static void Write(CommandRun run, JournalEntry entry)
    {
        if (run.IsJson)
        {
            Json.WriteLine(run.Output, new { entry.At, entry.Silo, entry.Number, entry.Kind, entry.Group, entry.Node, term = entry.Term.Value, entry.Text });
        }
        else if (Terminal.Is(run.Output) && ColourOf(entry.Kind) is { } colour)
        {
            Terminal.ConsoleOn(run.Output).MarkupLineInterpolated($"[{colour}]{Of(entry, run.Format)}[/]");
        }
        else
        {
            run.Output.WriteLine(Of(entry, run.Format));
        }

        run.Output.Flush();
    }

    /// <summary>Time, where, in which group, and what.</summary>
    public static string Of(JournalEntry entry, OutputFormat format)
    {
        var at = entry.At.ToLocalTime().ToString(format == OutputFormat.Wide ? "yyyy-MM-dd HH:mm:ss.fff" : "HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var where = (entry.Node.Length > 0 ? entry.Node : entry.Silo).PadRight(WhereWidth);
        var kind = format == OutputFormat.Wide ? $"{entry.Kind,-17}  " : "";
        return $"{at}  {where}  {(entry.Group.Length > 0 ? entry.Group : Figures.Unknown).PadRight(GroupWidth)}  {kind}{TerminalText.Of(entry.Text.ReplaceLineEndings(" "))}";
    }

    private static string? ColourOf(JournalKind kind) => kind switch
    {
        JournalKind.NodeFailed or JournalKind.Error => "red",
        JournalKind.LeaderSilent or JournalKind.MemberUnreachable or JournalKind.SiloStopping or JournalKind.SiloDrained => "yellow",
        JournalKind.LeaderElected or JournalKind.MemberReachable or JournalKind.SiloStarted => "green",
        _ => null,
    };
}
