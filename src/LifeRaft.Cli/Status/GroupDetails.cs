namespace LifeRaft.Cli;

/// <summary>One group whole: what an operator reads first, then what is wrong, then its members.</summary>
internal static class GroupDetails
{
    /// <param name="group">The group.</param>
    /// <param name="now">By which the ages are counted.</param>
    public static IReadOnlyList<string> Banner(GroupReport group, DateTimeOffset now)
    {
        var up = group.Members.Count(member => member is { IsVoter: true, IsUp: true });
        var reserve = group.CanLose switch
        {
            < 0 => $"{Figures.Of(-group.CanLose)} more needed to serve",
            0 => "it can lose no more",
            _ => $"it can lose {Figures.Of(group.CanLose)} more",
        };
        var leader = group.Leader.Length > 0
            ? $"leader {group.Leader} of term {group.Term}{(group.LeaderSince is { } since ? $" for {Figures.Of(Age(since, now))}" : "")}"
            : $"no leader (highest term seen: {group.Term})";
        var commit = group.CommitP99 is { } p99 ? $"; commit p99 {Figures.Of(p99)}" : "";
        return
        [
            $"{group.Name}: {HealthWords.Of(group.Health)}, {up} of {Figures.Count(group.Voters, "voter")} up, {reserve}",
            $"{leader}; committed up to {Figures.Of(group.Commit.Value)}",
            $"{Figures.Count(group.ElectionsInLastHour, "election")} in the last hour{commit}",
            .. group.Problems.Select(problem => $"problem: {problem}"),
        ];
    }

    /// <summary>The columns of the members.</summary>
    public static Listing<GroupMember> Listing() => new Listing<GroupMember>()
        .Column("node", member => member.Address)
        .Column("role", MemberRole.WithQuiet, colour: MemberRole.ColourOf)
        .Column("term", member => member.Node is { } node ? $"{node.Term}" : Figures.Unknown, isRight: true)
        .Column("last", member => Figures.Of(member.Node?.Last.Value), isRight: true)
        .Column("commit", member => Figures.Of(member.Node?.Commit.Value), isRight: true)
        .Column("applied", member => Figures.Of(member.Node?.Applied.Value), isRight: true)
        .Column("lag", member => Figures.Of(member.Peer?.Lag), isRight: true)
        .Column("heard", member => Figures.Of(member.Peer?.LastContact ?? member.Node?.LastContact), isRight: true)
        .Column("trip", member => Figures.Of(member.Peer?.RoundTrip), isRight: true, isWide: true)
        .Column("trip p99", member => Figures.Of(member.Peer?.RoundTripP99), isRight: true, isWide: true)
        .Column("snapshot", member => Figures.Of(member.Node?.Snapshot.Value), isRight: true, isWide: true)
        .Column("log from", member => Figures.Of(member.Node?.LogBase.Value + 1), isRight: true, isWide: true)
        .Column("pending", member => Figures.Of(member.Node?.Pending), isRight: true, isWide: true)
        .Column("campaigns in", member => Figures.Of(member.Node?.ElectionDue), isRight: true, isWide: true)
        .Column("member", member => member.Node?.Member.ToString() ?? Figures.Unknown, isWide: true);

    /// <summary>Clocks differ: nothing is younger than nothing.</summary>
    public static TimeSpan Age(DateTimeOffset since, DateTimeOffset now) => now > since ? now - since : TimeSpan.Zero;
}
