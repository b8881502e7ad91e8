namespace LifeRaft.Cli;

/// <summary>What is fast enough.</summary>
/// <param name="PerSecond">At least so many acknowledged writes per second.</param>
/// <param name="P99">99 of 100 writes take at most this.</param>
/// <param name="Slowest">Each write takes at most this.</param>
internal sealed record PerformanceThresholds(int PerSecond, TimeSpan P99, TimeSpan Slowest);

/// <summary>One comparison.</summary>
internal sealed record PerformanceCheckRow(string What, string Measured, string Threshold, bool Passed);

/// <summary>Whether a measurement passes, and if not, what the silos say that could explain it.</summary>
internal sealed record PerformanceVerdict(IReadOnlyList<PerformanceCheckRow> Checks, IReadOnlyList<string> Reasons)
{
    // A disk or a network that alone takes this share of the p99 is named.
    private const double Suspicious = 0.3;

    public bool Passed => Checks.All(check => check.Passed);

    /// <param name="measured">What was measured.</param>
    /// <param name="thresholds">What is fast enough.</param>
    /// <param name="report">What the silos say after it.</param>
    /// <param name="group">The group that was written to.</param>
    public static PerformanceVerdict Of(WriteMeasurement measured, PerformanceThresholds thresholds, ClusterReport report, string group)
    {
        PerformanceCheckRow[] checks =
        [
            new("writes per second", Figures.PerSecond(measured.PerSecond), $">= {Figures.Of(thresholds.PerSecond)}", measured.PerSecond >= thresholds.PerSecond),
            new("p99 of a write", Figures.Of(measured.P99), $"<= {Figures.Of(thresholds.P99)}", measured.Writes > 0 && measured.P99 <= thresholds.P99),
            new("slowest write", Figures.Of(measured.Slowest), $"<= {Figures.Of(thresholds.Slowest)}", measured.Writes > 0 && measured.Slowest <= thresholds.Slowest),
            new("failed writes", Figures.Of(measured.Failed), "0", measured.Failed == 0),
        ];
        return new PerformanceVerdict(checks, checks.All(check => check.Passed) ? [] : Explained([.. Explain(measured, report, group)]));
    }

    private static List<string> Explained(List<string> reasons) => reasons.Count > 0
        ? reasons
        : ["The silos report no slow disk, no slow network and no absent member: they, or this client, had too little processor time, or more --clients would be needed."];

    private static IEnumerable<string> Explain(WriteMeasurement measured, ClusterReport report, string group)
    {
        if (measured.FirstFailure is { } failure)
        {
            yield return $"The first failure: {failure}";
        }

        foreach (var silo in report.Silos.Where(silo => silo.SyncP99 >= Suspicious * measured.P99))
        {
            yield return $"{silo.Name}: a write takes {Figures.Of(silo.SyncP99)} (p99) until it is durable; look at its disk ({silo.Log}).";
        }

        foreach (var member in report.Groups.Where(one => one.Name == group).SelectMany(one => one.Members))
        {
            if (member.Peer?.RoundTripP99 is { } trip && trip >= Suspicious * measured.P99)
            {
                yield return $"{member.Address}: a round trip from the leader takes {Figures.Of(trip)} (p99); look at the network between the silos, and at how busy they are.";
            }

            if (member.Problem is { } problem)
            {
                yield return $"{member.Address} {problem}.";
            }
        }
    }
}
