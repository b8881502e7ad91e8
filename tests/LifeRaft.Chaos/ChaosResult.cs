using System.Globalization;
using LifeRaft.Simulation;

namespace LifeRaft.Chaos;

/// <summary>What a run found.</summary>
/// <param name="Elapsed">How long clients worked.</param>
/// <param name="Recoveries">The faults.</param>
/// <param name="History">What clients did and were told.</param>
/// <param name="Verdict">Whether that is linearizable.</param>
/// <param name="Agreed">What the nodes agree on.</param>
/// <param name="Violations">What else must not be.</param>
internal sealed record ChaosResult(
    TimeSpan Elapsed, IReadOnlyList<Recovery> Recoveries, IReadOnlyList<HistoryEvent> History, LinearizabilityVerdict Verdict, string Agreed, IReadOnlyList<string> Violations)
{
    public bool IsSafe => Verdict.IsLinearizable && Violations.Count == 0;

    public bool IsLive => Recoveries.All(recovery => !recovery.IsLate);

    public bool Held => IsSafe && IsLive;

    public void Print(Action<string> print)
    {
        var election = ChaosSettings.Timings.ElectionMax;
        print("");
        print("fault               times   recovery median        max   in election timeouts");
        foreach (var kind in Recoveries.GroupBy(recovery => recovery.Fault.Kind).OrderBy(kind => kind.Key))
        {
            var times = kind.Select(recovery => recovery.Took ?? ChaosSettings.Patience).Order().ToList();
            var (median, most) = (times[times.Count / 2], times[^1]);
            print(Invariant($"{kind.Key.Name(),-18} {times.Count,6} {median.TotalMilliseconds,14:0} ms {most.TotalMilliseconds,7:0} ms   {median / election:0.00} / {most / election:0.00}"));
        }

        print("");
        print(Invariant($"{Recoveries.Count} faults in {Elapsed.TotalSeconds:0} s; operations: {Count(EventKind.Ok)} ok, {Count(EventKind.Fail)} without effect, {Count(EventKind.Info)} of unknown outcome; {History.Select(one => one.Key).Distinct().Count()} keys"));
        print($"history: {(Verdict.IsLinearizable ? "linearizable" : $"not linearizable at {Verdict.Key}")}; {Agreed}");
        foreach (var operation in Verdict.Window.Take(20))
        {
            print($"  {operation}");
        }

        foreach (var violation in Violations.Take(20))
        {
            print($"violation of safety: {violation}");
        }

        foreach (var recovery in Recoveries.Where(recovery => recovery.IsLate))
        {
            print($"violation of liveness: {recovery}");
        }

        print(Held ? "held: no violation, no lost acknowledged write, progress in time after every fault" : "did not hold");
    }

    private int Count(EventKind kind) => History.Count(one => one.Kind == kind);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
