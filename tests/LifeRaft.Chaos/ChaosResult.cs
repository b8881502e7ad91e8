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
        print("                            progress after its end               writes acknowledged while it lasts");
        print("fault              times    median       max  election timeouts    faults   first after median       max");
        foreach (var kind in Recoveries.GroupBy(recovery => recovery.Fault.Kind).OrderBy(kind => kind.Key))
        {
            var (median, most) = MedianAndMost(kind.Select(recovery => recovery.Took ?? ChaosSettings.Patience));
            var served = kind.Where(recovery => recovery.Served is not null).Select(recovery => recovery.Served!.Value).ToList();
            var meanwhile = served.Count == 0 ? "" : $"{MedianAndMost(served).Median.TotalMilliseconds,15:0} ms {MedianAndMost(served).Most.TotalMilliseconds,9:0} ms";
            print(Invariant($"{kind.Key.Name(),-18} {kind.Count(),5} {median.TotalMilliseconds,6:0} ms {most.TotalMilliseconds,6:0} ms {median / election,10:0.00} / {most / election:0.00} {served.Count,9}{meanwhile}"));
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

    private static (TimeSpan Median, TimeSpan Most) MedianAndMost(IEnumerable<TimeSpan> times)
    {
        var sorted = times.Order().ToList();
        return (sorted[sorted.Count / 2], sorted[^1]);
    }

    private int Count(EventKind kind) => History.Count(one => one.Kind == kind);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
