namespace LifeRaft.Cli;

/// <summary>One silo in a table, whether it said something or not.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">In a word or two.</param>
/// <param name="Leads">How many groups it leads.</param>
/// <param name="Nodes">How many nodes it holds; of a silo that says nothing, how many members are on it by what others say.</param>
/// <param name="Problem">What is wrong with it; null for nothing.</param>
/// <param name="Report">What it said; null when it said nothing.</param>
/// <param name="At">When the report was put together.</param>
internal sealed record SiloRow(string Name, string State, int Leads, int Nodes, string? Problem, SiloReport? Report, DateTimeOffset At)
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<SiloRow> All(ClusterReport report)
    {
        var leads = report.Groups.Where(group => group.Leader.Length > 0).CountBy(group => SiloOf(group.Leader)).ToDictionary(count => count.Key, count => count.Value);
        var members = report.Groups.SelectMany(group => group.Members).CountBy(member => SiloOf(member.Address)).ToDictionary(count => count.Key, count => count.Value);
        return
        [
            .. report.Silos
                .Select(silo => new SiloRow(silo.Name, StateOf(silo), leads.GetValueOrDefault(silo.Name), silo.Nodes.Count, ClusterVerdict.ProblemOf(silo), silo, report.At))
                .Concat(report.Silent.Select(silo => new SiloRow(silo.Name, "silent", leads.GetValueOrDefault(silo.Name), members.GetValueOrDefault(silo.Name), silo.Problem, null, report.At)))
                .OrderBy(silo => silo.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>The columns of the table.</summary>
    public static Listing<SiloRow> Listing() => new Listing<SiloRow>()
        .Column("silo", row => row.Name)
        .Column("state", row => row.State, colour: row => row.State switch { "active" => "green", "drained" => "yellow", _ => "red" })
        .Column("leads", row => row.Report is null ? Figures.Unknown : Figures.Of(row.Leads), isRight: true)
        .Column("nodes", row => Figures.Of(row.Nodes), isRight: true)
        .Column("sync p99", row => Figures.Of(row.Report?.SyncP99), isRight: true)
        .Column("sync p50", row => Figures.Of(row.Report?.SyncP50), isRight: true, isWide: true)
        .Column("up", row => Figures.Of(row.Report is { } report ? report.At - report.Started : null), isRight: true)
        .Column("version", row => Shortened(row.Report?.Version), isWide: true)
        .Column("address", row => row.Report?.Address ?? Figures.Unknown, isWide: true)
        .Column("starts", row => Figures.Of(row.Report?.StartCount), isRight: true, isWide: true)
        .Column("log", row => row.Report?.Log ?? Figures.Unknown, isWide: true);

    public static string SiloOf(string address) => NodeAddress.Parse(address).Silo;

    private static string StateOf(SiloReport silo) => silo switch
    {
        { LogFailure: not null } => "log stopped",
        { IsActive: false } => "not active",
        { IsDrained: true } => "drained",
        _ => "active",
    };

    /// <summary>Without the commit that it was built from.</summary>
    private static string Shortened(string? version) => string.IsNullOrEmpty(version) ? Figures.Unknown : version.Split('+')[0];
}
