namespace LifeRaft.Cli;

/// <summary>Two reports, one after the other, and what can be said only of two: rates.</summary>
internal sealed record TopSample(ClusterReport Before, ClusterReport Now)
{
    private readonly Dictionary<string, GroupReport> _before = Before.Groups.ToDictionary(group => group.Name, StringComparer.Ordinal);

    public TimeSpan Between => Now.At - Before.At;

    /// <summary>Entries that a group committed per second; null for a group that is new, or founded anew.</summary>
    public double? CommitsPerSecond(GroupReport group) =>
        Between > TimeSpan.Zero && _before.TryGetValue(group.Name, out var before) && before.Id == group.Id
            ? Math.Max(0, group.Commit.Value - before.Commit.Value) / Between.TotalSeconds
            : null;

    /// <summary>Entries that all groups committed per second.</summary>
    public double AllCommitsPerSecond => Now.Groups.Sum(group => CommitsPerSecond(group) ?? 0);

    public object Document => new
    {
        at = Now.At,
        betweenMs = Figures.Milliseconds(Between),
        health = ClusterVerdict.Of(Now).Health,
        commitsPerSecond = Math.Round(AllCommitsPerSecond, 1),
        silos = SiloRow.All(Now).Select(Documents.Of).ToList(),
        groups = Now.Groups.Select(group => new
        {
            group.Name,
            group.Health,
            group.Leader,
            term = group.Term.Value,
            commit = group.Commit.Value,
            commitsPerSecond = CommitsPerSecond(group) is { } rate ? Math.Round(rate, 1) : (double?)null,
            commitP99Ms = Figures.Milliseconds(group.CommitP99),
            lag = LagOf(group),
            pending = PendingOf(group),
            group.CanLose,
        }).ToList(),
    };

    /// <summary>The entries that the slowest member lacks.</summary>
    public static long LagOf(GroupReport group) => group.Members.Max(member => member.Peer?.Lag) ?? 0;

    /// <summary>What waits on the leader.</summary>
    public static long? PendingOf(GroupReport group) => group.Members.FirstOrDefault(member => member.Address == group.Leader)?.Node?.Pending;

    /// <summary>The columns of the groups.</summary>
    public Listing<GroupReport> Listing() => new Listing<GroupReport>()
        .Column("group", group => group.Name)
        .Column("health", group => HealthWords.Of(group.Health), colour: group => HealthWords.ColourOf(group.Health))
        .Column("leader", group => group.Leader.Length > 0 ? group.Leader : Figures.Unknown)
        .Column("commits/s", group => Figures.PerSecond(CommitsPerSecond(group)), isRight: true)
        .Column("p99", group => Figures.Of(group.CommitP99), isRight: true)
        .Column("lag", group => Figures.Of(LagOf(group)), isRight: true)
        .Column("can lose", group => Figures.Of(group.CanLose), isRight: true)
        .Column("term", group => $"{group.Term}", isRight: true, isWide: true)
        .Column("commit", group => Figures.Of(group.Commit.Value), isRight: true, isWide: true)
        .Column("pending", group => Figures.Of(PendingOf(group)), isRight: true, isWide: true)
        .Column("elections/h", group => Figures.Of(group.ElectionsInLastHour), isRight: true, isWide: true);
}
