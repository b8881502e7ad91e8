namespace LifeRaft.Cli;

/// <summary>Groups as a table, a row each.</summary>
internal static class GroupsTable
{
    /// <param name="now">By which the ages are counted.</param>
    public static Listing<GroupReport> Listing(DateTimeOffset now) => new Listing<GroupReport>()
        .Column("group", group => group.Name)
        .Column("health", group => HealthWords.Of(group.Health), colour: group => HealthWords.ColourOf(group.Health))
        .Column("leader", group => group.Leader.Length > 0 ? group.Leader : Figures.Unknown)
        .Column("for", group => Figures.Of(group.LeaderSince is { } since ? GroupDetails.Age(since, now) : null), isRight: true)
        .Column("term", group => $"{group.Term}", isRight: true)
        .Column("voters", group => $"{group.Members.Count(member => member is { IsVoter: true, IsUp: true })}/{group.Voters}", isRight: true)
        .Column("can lose", group => Figures.Of(group.CanLose), isRight: true)
        .Column("commit", group => Figures.Of(group.Commit.Value), isRight: true, isWide: true)
        .Column("p99", group => Figures.Of(group.CommitP99), isRight: true, isWide: true)
        .Column("learners", group => Figures.Of(group.Members.Count(member => !member.IsVoter)), isRight: true, isWide: true)
        .Column("elections/h", group => Figures.Of(group.ElectionsInLastHour), isRight: true, isWide: true)
        .Column("id", group => group.Id.ToString(), isWide: true)
        .Column("problem", group => group.Health == GroupHealth.Healthy ? "" : ClusterVerdict.ProblemOf(group), isWide: true);
}
