namespace LifeRaft.Dashboard;

// The shape of what is sent to the page and answered to tools, as JSON: names in camel case, durations as milliseconds whose names
// end in Ms, times as ISO 8601 with zone, enumerations as words in camel case. What is not known is absent.

/// <summary>All silos and groups; what <c>GET api/cluster</c> answers.</summary>
/// <param name="At">When the silo that was asked put it together.</param>
/// <param name="Silos">What silos said of themselves, by name.</param>
/// <param name="Silent">Those that should run and said nothing.</param>
/// <param name="Groups">The groups, the worst first, then by name.</param>
/// <param name="Failure">Why the silos could not be asked; everything else is as it was at <paramref name="At"/> then.</param>
internal sealed record ClusterView(
    DateTimeOffset At, IReadOnlyList<SiloView> Silos, IReadOnlyList<SilentSilo> Silent, IReadOnlyList<GroupSummary> Groups, string? Failure);

/// <summary>One silo.</summary>
/// <param name="Critical">How many groups would lose their quorum if it went away now.</param>
internal sealed record SiloView(
    string Name,
    string Address,
    DateTimeOffset Started,
    string Version,
    bool IsActive,
    bool IsDrained,
    string Log,
    string? LogFailure,
    double? SyncP50Ms,
    double? SyncP99Ms,
    int Nodes,
    int Leads,
    int Critical);

/// <summary>One group among many.</summary>
/// <param name="Lag">Entries that the slowest member lacks, as far as the leader knows.</param>
/// <param name="Problem">The worst of what is wrong.</param>
internal sealed record GroupSummary(
    string Name,
    GroupHealth Health,
    string? Leader,
    long Term,
    long Commit,
    int CanLose,
    int Voters,
    int Elections,
    long Lag,
    string? Problem);
