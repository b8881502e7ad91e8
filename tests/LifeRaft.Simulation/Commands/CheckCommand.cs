using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace LifeRaft.Simulation;

/// <summary>The command <c>check</c>: judges a history in a file.</summary>
internal static class CheckCommand
{
    private static readonly Argument<string> _file = new("file")
    {
        Description = "The history: one JSON object a line, in the order in which things happened.",
    };

    public static Command Create()
    {
        var command = new Command("check", "Decides whether a history of reads, writes and compare-and-swaps is linearizable.") { _file };
        command.SetAction(parsed =>
        {
            var streams = parsed.InvocationConfiguration;
            return Run(parsed.GetValue(_file)!, streams.Output, streams.Error);
        });
        return command;
    }

    public static int Run(string file, TextWriter output, TextWriter error)
    {
        try
        {
            using var source = new StreamReader(file);
            var history = HistoryReader.Read(source);
            var clock = Stopwatch.StartNew();
            var verdict = Linearizability.Check(history);
            Print(verdict, output);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{history.Count(one => one.Kind == EventKind.Invoke):N0} operations judged in {clock.Elapsed.TotalSeconds:0.00} s"));
            return verdict.IsLinearizable ? 0 : Tool.Failed;
        }
        catch (HistoryFormatException problem)
        {
            error.WriteLine($"{file}, {problem.Message}");
            return Tool.Misused;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            error.WriteLine(problem.Message);
            return Tool.Misused;
        }
    }

    public static void Print(LinearizabilityVerdict verdict, TextWriter output)
    {
        output.WriteLine(verdict.IsLinearizable ? "linearizable" : "not linearizable");
        if (verdict.IsLinearizable)
        {
            return;
        }

        var beginning = verdict.MayBeginAnyhow ? "whatever it held before" : "null at the beginning";
        output.WriteLine($"Register {verdict.Key} ({beginning}) cannot have behaved so:");
        foreach (var operation in verdict.Window)
        {
            output.WriteLine($"  {operation}");
        }
    }
}
