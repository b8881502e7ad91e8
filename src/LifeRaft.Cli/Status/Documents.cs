using LifeRaft.Protocol;

namespace LifeRaft.Cli;

/// <summary>Reports as programs get them; see <see cref="Json"/> for the rules.</summary>
internal static class Documents
{
    public static object Of(ClusterReport report)
    {
        var verdict = ClusterVerdict.Of(report);
        return new
        {
            at = report.At,
            verdict.Health,
            verdict.Problems,
            silos = SiloRow.All(report).Select(Of).ToList(),
            groups = report.Groups.Select(Of).ToList(),
        };
    }

    public static object Of(SiloRow silo) => new
    {
        silo.Name,
        silo.State,
        silo.Leads,
        silo.Nodes,
        silo.Problem,
        address = silo.Report?.Address,
        version = silo.Report?.Version,
        started = silo.Report?.Started,
        startCount = silo.Report?.StartCount,
        log = silo.Report?.Log,
        syncP50Ms = Figures.Milliseconds(silo.Report?.SyncP50),
        syncP99Ms = Figures.Milliseconds(silo.Report?.SyncP99),
    };

    public static object Of(GroupReport group) => new
    {
        group.Name,
        id = group.Id.Value,
        group.Health,
        group.Problems,
        group.Leader,
        group.LeaderSince,
        term = group.Term.Value,
        commit = group.Commit.Value,
        group.CanLose,
        group.Voters,
        group.ElectionsInLastHour,
        commitP99Ms = Figures.Milliseconds(group.CommitP99),
        members = group.Members.Select(Of).ToList(),
    };

    public static object Of(GroupMember member) => new
    {
        member.Address,
        role = MemberRole.Of(member),
        member.IsVoter,
        member.IsUp,
        member.Problem,
        node = member.Node is { } node ? Of(node) : null,
        peer = member.Peer is { } peer ? Of(peer) : null,
    };

    private static object Of(NodeReport node) => new
    {
        member = node.Member.Value,
        term = node.Term.Value,
        node.Leader,
        node.IsQuiet,
        last = node.Last.Value,
        commit = node.Commit.Value,
        applied = node.Applied.Value,
        snapshot = node.Snapshot.Value,
        logBase = node.LogBase.Value,
        lastContactMs = Figures.Milliseconds(node.LastContact),
        electionDueMs = Figures.Milliseconds(node.ElectionDue),
        electionTimeoutMs = Figures.Milliseconds(node.ElectionTimeout),
        commitP50Ms = Figures.Milliseconds(node.CommitP50),
        commitP99Ms = Figures.Milliseconds(node.CommitP99),
        node.ElectionsInLastHour,
        node.Pending,
        terms = node.Terms.Select(run => new { term = run.Term.Value, first = run.First.Value }).ToList(),
    };

    private static object Of(PeerReport peer) => new
    {
        match = peer.Match.Value,
        peer.Lag,
        peer.IsReachable,
        lastContactMs = Figures.Milliseconds(peer.LastContact),
        roundTripMs = Figures.Milliseconds(peer.RoundTrip),
        roundTripP99Ms = Figures.Milliseconds(peer.RoundTripP99),
        peer.Refusal,
        peer.Snapshot,
    };
}
