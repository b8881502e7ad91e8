namespace LifeRaft.Cli;

/// <summary>Members as a table, and what a change of them printed for programs.</summary>
internal static class MembersTable
{
    public static Listing<GroupMember> Listing() => new Listing<GroupMember>()
        .Column("node", member => member.Address)
        .Column("votes", member => member.IsVoter ? "yes" : "no")
        .Column("role", MemberRole.Of, colour: MemberRole.ColourOf)
        .Column("up", member => member.IsUp ? "yes" : "no", colour: member => member.IsUp ? null : "red")
        .Column("last", member => Figures.Of(member.Node?.Last.Value), isRight: true)
        .Column("lag", member => Figures.Of(member.Peer?.Lag), isRight: true)
        .Column("member", member => member.Node?.Member.ToString() ?? Figures.Unknown, isWide: true);

    public static object Changed(RaftGroup group, JoinResult joined) => new
    {
        group = group.Name.ToString(),
        node = joined.Member.Address,
        id = joined.Member.Id.Value,
        joined.Member.IsVoter,
        isChanged = joined.IsNew,
    };
}
