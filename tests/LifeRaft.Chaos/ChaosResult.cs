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
/// <param name="Locks">What the judge of locks found; null if nobody used any.</param>
internal sealed record ChaosResult(
    TimeSpan Elapsed,
    IReadOnlyList<Recovery> Recoveries,
    IReadOnlyList<HistoryEvent> History,
    LinearizabilityVerdict Verdict,
    string Agreed,
    IReadOnlyList<string> Violations,
    LockVerdict? Locks = null)
{
    public bool IsSafe => Verdict.IsLinearizable && Violations.Count == 0;

    public bool IsLive => Recoveries.All(recovery => !recovery.IsLate) && Locks?.Late.Count is null or 0;

    public bool Held => IsSafe && IsLive;

    public void Print(Action<string> print)
    {
        foreach (var of in Recoveries.SelectMany(recovery => recovery.Progress.Select(progress => progress.Of)).Distinct())
        {
            PrintRecoveries(of, print);
        }

        print("");
        print(Invariant($"{Recoveries.Count} faults in {Elapsed.TotalSeconds:0} s"));
        if (History.Count > 0)
        {
            print(Invariant($"operations: {Count(EventKind.Ok)} ok, {Count(EventKind.Fail)} without effect, {Count(EventKind.Info)} of unknown outcome; {History.Select(one => one.Key).Distinct().Count()} keys; history {(Verdict.IsLinearizable ? "linearizable" : $"not linearizable at {Verdict.Key}")}"));
        }

        Locks?.Print(print);
        print(Agreed);
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

        foreach (var inheritance in Locks?.Late ?? [])
        {
            print($"violation of liveness: {inheritance}");
        }

        print(Held ? "held: no violation, nothing acknowledged was lost, progress in time after every fault" : "did not hold");
    }

    private void PrintRecoveries(string of, Action<string> print)
    {
        var election = ChaosSettings.Timings.ElectionMax;
        print("");
        print($"                            progress after its end               {of} while it lasts");
        print("fault              times    median       max  election timeouts    faults   first after median       max");
        foreach (var kind in Recoveries.GroupBy(recovery => recovery.Fault.Kind).OrderBy(kind => kind.Key))
        {
            var progress = kind.SelectMany(recovery => recovery.Progress).Where(progress => progress.Of == of).ToList();
            var (median, most) = MedianAndMost(progress.Select(one => one.Took ?? ChaosSettings.Patience));
            var served = progress.Where(one => one.Served is not null).Select(one => one.Served!.Value).ToList();
            var meanwhile = served.Count == 0 ? "" : $"{MedianAndMost(served).Median.TotalMilliseconds,15:0} ms {MedianAndMost(served).Most.TotalMilliseconds,9:0} ms";
            print(Invariant($"{kind.Key.Name(),-18} {kind.Count(),5} {median.TotalMilliseconds,6:0} ms {most.TotalMilliseconds,6:0} ms {median / election,10:0.00} / {most / election:0.00} {served.Count,9}{meanwhile}"));
        }
    }

    private static (TimeSpan Median, TimeSpan Most) MedianAndMost(IEnumerable<TimeSpan> times)
    {
        var sorted = times.Order().ToList();
        return (sorted[sorted.Count / 2], sorted[^1]);
    }

    private int Count(EventKind kind) => History.Count(one => one.Kind == kind);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
