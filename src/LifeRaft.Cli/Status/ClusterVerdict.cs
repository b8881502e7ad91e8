namespace LifeRaft.Cli;

/// <summary>How a cluster is as a whole, in few words, the worst first.</summary>
/// <param name="Health">The worst of its groups; degraded also for a silo that is missing or in trouble.</param>
/// <param name="Problems">What is wrong, as a sentence each.</param>
/// <param name="Banner">The first lines that an operator reads.</param>
internal sealed record ClusterVerdict(GroupHealth Health, IReadOnlyList<string> Problems, IReadOnlyList<string> Banner)
{
    // More than these nobody reads; 'groups --problem' shows all.
    private const int MostGroupsNamed = 5;

    public static ClusterVerdict Of(ClusterReport report)
    {
        var siloProblems = report.Silent.Select(silo => silo.Problem).Concat(report.Silos.Select(ProblemOf).OfType<string>()).ToList();
        var ill = report.Groups.Where(group => group.Health != GroupHealth.Healthy).ToList();
        var problems = siloProblems.Concat(ill.Take(MostGroupsNamed).Select(group => $"{group.Name}: {ProblemOf(group)}")).ToList();
        if (ill.Count > MostGroupsNamed)
        {
            problems.Add($"and {Figures.Count(ill.Count - MostGroupsNamed, "more group")}; see 'liferaft groups --problem'");
        }

        var health = report.Groups.Select(group => group.Health).Append(siloProblems.Count > 0 ? GroupHealth.Degraded : GroupHealth.Healthy).Max();
        return new ClusterVerdict(health, problems, [Headline(report, health, ill.Count), .. Details(report)]);
    }

    /// <summary>What is wrong with a group, in one sentence.</summary>
    public static string ProblemOf(GroupReport group) => group.Problems is [var worst, ..]
        ? $"{worst}{(group.Problems.Count > 1 ? $" (and {Figures.Count(group.Problems.Count - 1, "more problem")})" : "")}"
        : "it has no leader now, though enough voters are there to elect one";

    /// <summary>What is wrong with a silo that answers; null for nothing.</summary>
    public static string? ProblemOf(SiloReport silo) => silo switch
    {
        { LogFailure: { } failure } => $"the log of {silo.Name} has stopped: {failure}",
        { IsActive: false } => $"{silo.Name} is starting or stopping",
        _ => null,
    };

    private static string Headline(ClusterReport report, GroupHealth health, int ill)
    {
        var (silos, all) = (report.Silos.Count, report.Silos.Count + report.Silent.Count);
        var answer = silos == all ? $"{Figures.Count(silos, "silo")}" : $"{silos} of {Figures.Count(all, "silo")} {(silos == 1 ? "answers" : "answer")}";
        var groups = report.Groups.Count == 0
            ? "no groups"
            : ill == 0 ? Figures.Count(report.Groups.Count, "group") : $"{Figures.Of(ill)} of {Figures.Count(report.Groups.Count, "group")} not healthy";
        return $"{HealthWords.Of(health)}: {answer}, {groups}";
    }

    private static IEnumerable<string> Details(ClusterReport report)
    {
        if (report.Groups.MinBy(group => group.CanLose) is not { } weakest)
        {
            yield break;
        }

        yield return weakest.CanLose < 0
            ? $"{weakest.Name} lacks {Figures.Count(-weakest.CanLose, "voter")} for a quorum"
            : weakest.CanLose > 0 ? $"every group can lose {Figures.Count(weakest.CanLose, "more voter")}"
            : report.Groups.Count(group => group.CanLose == 0) is var tight && tight == report.Groups.Count ? "no group can lose another voter"
            : $"{Figures.Of(tight)} of {Figures.Count(report.Groups.Count, "group")} can lose no other voter: {(tight == 1 ? "" : "for instance ")}{weakest.Name}";
        var slowest = report.Groups.Where(group => group.CommitP99 is not null).MaxBy(group => group.CommitP99);
        yield return $"{Figures.Count(report.Groups.Sum(group => group.ElectionsInLastHour), "election")} in the last hour{(slowest is null ? "" : $"; slowest commit p99 {Figures.Of(slowest.CommitP99)} ({slowest.Name})")}";
    }
}
