using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

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

    private static readonly Option<IReadOnlySet<string>> _without = new("--without")
    {
        Description = "Leave out these faults (f) and changes of the membership (m), for instance f3,f5-9,m2; with --seed.",
        HelpName = "names",
        CustomParser = ParseNames,
        DefaultValueFactory = _ => new HashSet<string>(),
    };

    private static readonly Option<TimeSpan?> _until = new("--until")
    {
        Description = "End the faults then, for instance 12s or 3500ms of virtual time; with --seed.",
        HelpName = "time",
        CustomParser = ParseTime,
    };

    private static readonly Option<int?> _clients = new("--clients") { Description = "So many clients; with --seed." };

    private static readonly Option<bool> _keep = new("--no-shrink") { Description = "Do not look for a smaller run that breaks the same rule." };

    public static Command Create()
    {
        var command = new Command("run", "Runs groups in a simulated world under faults. One seed always gives the same run.") { _seed, _seeds, _trace, _history, _bug, _without, _until, _clients, _keep };
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var bug = parsed.GetValue(_bug);
            if (parsed.GetValue(_seed) is { } seed)
            {
                var plan = new RunPlan(seed) { Bug = bug, Without = parsed.GetValue(_without)!, Until = parsed.GetValue(_until), Clients = parsed.GetValue(_clients) };
                return RunOne(plan, parsed.GetValue(_trace), parsed.GetValue(_history), parsed.GetValue(_keep), output);
            }

            var (first, last) = parsed.GetValue(_seeds);
            return RunRange(first, last, bug, parsed.GetValue(_keep), output);
        });
        return command;
    }

    private static int RunOne(RunPlan plan, bool showsTrace, string? history, bool isKept, TextWriter output)
    {
        var result = SimulationRun.Of(plan, showsTrace ? output : null);
        if (history is not null)
        {
            using var file = new StreamWriter(history);
            HistoryWriter.Write(file, result.History);
        }

        output.WriteLine(result.Counts.ToString());
        output.WriteLine($"seed {plan.Seed}: {result.VirtualTime.TotalSeconds:0.0} virtual s, trace {result.Hash:x16}, {(result.Broken is null ? "all rules held" : "a rule was broken")}");
        if (result.Broken is null)
        {
            return 0;
        }

        FailureReport.Print(result, output);
        if (!isKept && !showsTrace)
        {
            FailureReport.PrintSmaller(result, output);
        }

        return Tool.Failed;
    }

    private static int RunRange(int first, int last, PlantedBug bug, bool isKept, TextWriter output)
    {
        var failures = new List<RunResult>();
        var campaign = SeedCampaign.Run(first, last, bug, Environment.ProcessorCount, failed =>
        {
            failures.Add(failed);
            FailureReport.Print(failed, output);
        });
        foreach (var failed in failures.DistinctBy(failed => failed.Broken!.Rule).TakeWhile(_ => !isKept))
        {
            output.WriteLine($"seed {failed.Plan.Seed}, {failed.Broken!.Rule}:");
            FailureReport.PrintSmaller(failed, output);
        }

        foreach (var (name, value) in campaign.Counts.All())
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value,14:N0}  {name}"));
        }

        var seeds = last - first + 1;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{seeds} seeds, {campaign.Failures} failed; at least {campaign.FewestOperations:N0} operations done under faults in each; {campaign.VirtualTime.TotalHours:0.00} simulated hours in {campaign.Elapsed.TotalSeconds:0.0} s: {campaign.HoursPerMinute:0.0} simulated hours per minute, {campaign.VirtualTime / campaign.Elapsed:N0} times real time"));
        var missed = bug == PlantedBug.None ? Minimums.Missed(campaign, seeds).ToList() : [];
        missed.ForEach(output.WriteLine);
        return campaign.Failures == 0 && missed.Count == 0 ? 0 : Tool.Failed;
    }

    private static IReadOnlySet<string> ParseNames(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (RunPlan.ParseNames(text) is { } names)
        {
            return names;
        }

        result.AddError($"--without is a list of names of faults and changes of the membership, for instance f3,f5-9,m2, not '{text}'.");
        return new HashSet<string>();
    }

    private static TimeSpan? ParseTime(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        var (digits, unit) = text.EndsWith("ms", StringComparison.Ordinal) ? (text[..^2], 1) : text.EndsWith('s') ? (text[..^1], 1000) : ("", 0);
        if (double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1e6)
        {
            return TimeSpan.FromMilliseconds(number * unit);
        }

        result.AddError($"--until is a time with its unit, for instance 12s or 3500ms, not '{text}'.");
        return null;
    }

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
