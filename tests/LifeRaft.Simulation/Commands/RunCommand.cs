using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Reflection;

namespace LifeRaft.Simulation;

/// <summary>The command <c>run</c>: simulates one seed or a range of seeds.</summary>
internal static class RunCommand
{
    private static readonly Option<int?> _seed = new("--seed") { Description = "One seed." };

    private static readonly Option<(int First, int Last)> _seeds = new("--seeds")
    {
        Description = "A range of seeds, for instance 1..1000.",
        HelpName = "first..last",
        CustomParser = ParseRange,
        DefaultValueFactory = _ => (1, 100),
    };

    private static readonly Option<bool> _trace = new("--trace") { Description = "Print what happens; with --seed." };

    private static readonly Option<string?> _history = new("--history") { Description = "Write the clients' history to this file; with --seed.", HelpName = "file" };

    private static readonly Option<PlantedBug> _bug = new("--bug") { Description = "Plant this bug." };

    public static Command Create()
    {
        var command = new Command("run", "Runs groups in a simulated world under faults. One seed always gives the same run.") { _seed, _seeds, _trace, _history, _bug };
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var bug = parsed.GetValue(_bug);
            if (parsed.GetValue(_seed) is { } seed)
            {
                return RunOne(seed, bug, parsed.GetValue(_trace), parsed.GetValue(_history), output);
            }

            var (first, last) = parsed.GetValue(_seeds);
            return RunRange(first, last, bug, output);
        });
        return command;
    }

    private static int RunOne(int seed, PlantedBug bug, bool showsTrace, string? history, TextWriter output)
    {
        var result = SimulationRun.Of(seed, bug, showsTrace ? output : null);
        if (history is not null)
        {
            using var file = new StreamWriter(history);
            HistoryWriter.Write(file, result.History);
        }

        output.WriteLine(result.Counts.ToString());
        output.WriteLine($"seed {seed}: {result.VirtualTime.TotalSeconds:0.0} virtual s, trace {result.Hash:x16}, {(result.Broken is null ? "all rules held" : "a rule was broken")}");
        if (result.Broken is not null)
        {
            PrintFailure(result, bug, output);
        }

        return result.Broken is null ? 0 : Tool.Failed;
    }

    private static int RunRange(int first, int last, PlantedBug bug, TextWriter output)
    {
        var campaign = SeedCampaign.Run(first, last, bug, Environment.ProcessorCount, failed => PrintFailure(failed, bug, output));
        foreach (var (name, value) in campaign.Counts.All())
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value,14:N0}  {name}"));
        }

        var seeds = last - first + 1;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{seeds} seeds, {campaign.Failures} failed; {campaign.VirtualTime.TotalHours:0.00} simulated hours in {campaign.Elapsed.TotalSeconds:0.0} s: {campaign.HoursPerMinute:0.0} simulated hours per minute, {campaign.VirtualTime / campaign.Elapsed:N0} times real time"));
        var missed = seeds >= Minimums.FewestSeeds && bug == PlantedBug.None ? Minimums.Missed(campaign.Counts, seeds).ToList() : [];
        missed.ForEach(output.WriteLine);
        return campaign.Failures == 0 && missed.Count == 0 ? 0 : Tool.Failed;
    }

    private static void PrintFailure(RunResult failed, PlantedBug bug, TextWriter output)
    {
        var planted = bug == PlantedBug.None ? "" : $" --bug {bug}";
        lock (output)
        {
            output.WriteLine($"seed {failed.Seed} broke {failed.Broken!.Rule} at {failed.Broken.At.TotalSeconds:0.000000} s: {failed.Broken.Detail}");
            output.WriteLine($"  replay: dotnet run -c Release --project tests/LifeRaft.Simulation -- run --seed {failed.Seed}{planted} --trace    (commit {Commit})");
        }
    }

    /// <summary>The commit that this was built from; the SDK appends it to the version.</summary>
    private static string Commit =>
        typeof(RunCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion is { } version && version.Contains('+', StringComparison.Ordinal)
            ? version[(version.IndexOf('+', StringComparison.Ordinal) + 1)..]
            : "unknown: built outside a repository";

    private static (int First, int Last) ParseRange(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        var parts = text.Split("..");
        if (parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && first <= last)
        {
            return (first, last);
        }

        result.AddError($"--seeds is a range of two numbers, for instance 1..1000, not '{text}'.");
        return default;
    }
}
