namespace LifeRaft.Dashboard;

/// <summary>What was last learnt of the cluster. It does not change: the next one takes its place.</summary>
internal sealed class LiveState
{
    private readonly Dictionary<string, VersionedSummary> _summaries;

    private LiveState(long version, long namesChanged, Dictionary<string, VersionedSummary> summaries) =>
        (Version, NamesChanged, _summaries) = (version, namesChanged, summaries);

    /// <summary>Before anything was learnt.</summary>
    public static LiveState Nothing { get; } = new(0, 0, []) { At = default, ReceivedAt = default };

    /// <summary>Counts up.</summary>
    public long Version { get; }

    /// <summary>The version that came with other groups, or another order of them, than the one before.</summary>
    public long NamesChanged { get; }

    public required DateTimeOffset At { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public IReadOnlyList<SiloView> Silos { get; private init; } = [];

    public IReadOnlyList<SilentSilo> Silent { get; private init; } = [];

    public IReadOnlyList<GroupSummary> Groups { get; private init; } = [];

    /// <summary>The groups that somebody looks at; a failure where one could not be had.</summary>
    public IReadOnlyDictionary<string, (GroupView? View, string? Failure)> Watched { get; private init; } = new Dictionary<string, (GroupView?, string?)>();

    public string? Failure { get; private init; }

    /// <summary>The next state, from what the silos said.</summary>
    public LiveState Next(ClusterReport report, DateTimeOffset now, IReadOnlyList<SiloView> silos, IReadOnlyDictionary<string, (GroupView? View, string? Failure)> watched)
    {
        var version = Version + 1;
        var groups = report.Groups.Select(Views.Summary).ToList();
        var summaries = groups.ToDictionary(
            group => group.Name,
            group => _summaries.TryGetValue(group.Name, out var old) && old.Summary == group ? old : new VersionedSummary(version, group),
            StringComparer.Ordinal);
        var sameNames = groups.Count == Groups.Count && !groups.Where((group, index) => group.Name != Groups[index].Name).Any();
        return new LiveState(version, sameNames ? NamesChanged : version, summaries)
        {
            At = report.At,
            ReceivedAt = now,
            Silos = silos,
            Silent = report.Silent,
            Groups = groups,
            Watched = watched,
        };
    }

    /// <summary>The next state when nothing could be learnt: all as it was, and why.</summary>
    public LiveState Failed(string failure) => new(Version + 1, NamesChanged, _summaries)
    {
        At = At,
        ReceivedAt = ReceivedAt,
        Silos = Silos,
        Silent = Silent,
        Groups = Groups,
        Watched = Watched,
        Failure = failure,
    };

    /// <summary>What to tell somebody who knows an older version, 0 for none.</summary>
    public StateMessage Since(long version, string? group)
    {
        var isWhole = version < NamesChanged || version == 0;
        var watched = group is not null && Watched.TryGetValue(group, out var found) ? found : default;
        return new StateMessage(
            isWhole,
            At,
            ReceivedAt,
            Silos,
            Silent,
            isWhole ? Groups : [.. Groups.Where(one => _summaries[one.Name].Version > version)],
            watched.View,
            watched.Failure,
            Failure);
    }

    private sealed record VersionedSummary(long Version, GroupSummary Summary);
}
