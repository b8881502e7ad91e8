using System.Globalization;
using System.Reflection;

namespace LifeRaft.Simulation;

/// <summary>What is printed of a run that broke a rule: the command that replays it, and a smaller run that breaks it too.</summary>
internal static class FailureReport
{
    /// <summary>How long one failure is shrunk, about.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The commit that this was built from; the SDK appends it to the version.</summary>
    private static string Commit =>
        typeof(FailureReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion is { } version && version.Contains('+', StringComparison.Ordinal)
            ? version[(version.IndexOf('+', StringComparison.Ordinal) + 1)..]
            : "unknown: built outside a repository";

    private static string Project => typeof(FailureReport).Assembly.GetName().Name!;

    public static void Print(RunResult failed, TextWriter output)
    {
        var broken = failed.Broken!;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {failed.Plan.Seed} broke {broken.Rule} at {broken.At.TotalSeconds:0.000000} s: {broken.Detail}"));
        output.WriteLine($"  replay: {CommandOf(failed.Plan)}    (commit {Commit})");
    }

    /// <summary>Shrinks the failure and prints the schedule that is left.</summary>
    public static void PrintSmaller(RunResult failed, TextWriter output)
    {
        var smaller = Shrinker.Shrink(failed, Patience);
        if (ReferenceEquals(smaller, failed))
        {
            output.WriteLine("  no smaller run was found that breaks the same rule");
            return;
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  smaller: {smaller.Decisions.Count} decisions of {failed.Decisions.Count}, broken at {smaller.Broken!.At.TotalSeconds:0.000000} s: {smaller.Broken.Detail}"));
        foreach (var decision in smaller.Decisions)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {decision.At.TotalSeconds,12:0.000000}  {decision.Name,-5} {decision.What}"));
        }

        output.WriteLine($"  replay: {CommandOf(smaller.Plan)}    (commit {Commit})");
    }

    private static string CommandOf(RunPlan plan) => $"dotnet run -c Release --project tests/{Project} -- run {plan.Options()} --trace";
}
