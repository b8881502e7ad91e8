namespace LifeRaft.Dashboard;

/// <summary>Turns what the silos say into what is sent.</summary>
internal static class Views
{
    public static IReadOnlyList<SiloView> Silos(ClusterReport report)
    {
        var leads = report.Groups.Where(group => group.Leader.Length > 0).CountBy(group => SiloOf(group.Leader)).ToDictionary();
        var critical = Critical(report);
        return [.. report.Silos.Select(silo => new SiloView(
            silo.Name,
            silo.Address,
            silo.Started,
            silo.Version,
            silo.IsActive,
            silo.IsDrained,
            silo.Log,
            silo.LogFailure,
            Milliseconds(silo.SyncP50),
            Milliseconds(silo.SyncP99),
            silo.Nodes.Count,
            leads.GetValueOrDefault(silo.Name),
            critical.GetValueOrDefault(silo.Name)))];
    }

    public static GroupSummary Summary(GroupReport group) => new(
        group.Name,
        group.Health,
        OrNull(group.Leader),
        group.Term.Value,
        group.Commit.Value,
        group.CanLose,
        group.Voters,
        group.ElectionsInLastHour,
        group.Members.Select(member => member.Peer?.Lag ?? 0).DefaultIfEmpty().Max(),
        group.Problems.Count > 0 ? group.Problems[0] : null);

    public static GroupView Group(GroupReport group, IReadOnlyList<SiloView> silos) => new(
        group.Name,
        group.Id.ToString(),
        group.Health,
        group.Problems,
        OrNull(group.Leader),
        group.LeaderSince,
        group.Term.Value,
        group.Commit.Value,
        group.CanLose,
        group.Voters,
        group.ElectionsInLastHour,
        Milliseconds(group.Members.FirstOrDefault(member => member.Address == group.Leader)?.Node?.CommitP50),
        Milliseconds(group.CommitP99),
        [.. group.Members.Select(member => Member(member, silos))]);

    public static EventView Event(JournalEntry entry, long number) => new(
        number, entry.At, entry.Silo, entry.Kind, OrNull(entry.Group), OrNull(entry.Node), entry.Term.Value, entry.Text);

    private static MemberView Member(GroupMember member, IReadOnlyList<SiloView> silos)
    {
        var silo = SiloOf(member.Address);
        return new MemberView(
            member.Address,
            silo,
            member.IsVoter,
            member.IsUp,
            member.Problem,
            member.Node is null ? null : silos.FirstOrDefault(one => one.Name == silo)?.SyncP99Ms,
            member.Node is { } node ? Node(node) : null,
            member.Peer is { } peer ? Peer(peer) : null);
    }

    private static NodeView Node(NodeReport node) => new(
        node.State,
        node.Term.Value,
        OrNull(node.Leader),
        node.LeaderSince,
        node.Last.Value,
        node.Commit.Value,
        node.Applied.Value,
        node.Snapshot.Value,
        node.LogBase.Value,
        Milliseconds(node.LastContact),
        Milliseconds(node.ElectionDue),
        Milliseconds(node.ElectionTimeout),
        node.ElectionsInLastHour,
        node.Pending,
        node.IsQuiet,
        [.. node.Terms.Select(run => new[] { run.Term.Value, run.First.Value })],
        [.. node.Peers.Select(Peer)]);

    private static PeerView Peer(PeerReport peer) => new(
        peer.Address,
        peer.Match.Value,
        peer.Lag,
        peer.IsReachable,
        Milliseconds(peer.LastContact),
        Milliseconds(peer.RoundTrip),
        Milliseconds(peer.RoundTripP99),
        peer.Refusal,
        peer.Snapshot is { } share ? Math.Round(share, 2) : null);

    /// <summary>As <see cref="ClusterReport.CriticalWithout"/>, for all silos in one pass over the groups.</summary>
    private static Dictionary<string, int> Critical(ClusterReport report) => report.Groups
        .Where(group => group.CanLose >= 0)
        .SelectMany(group => group.Members
            .Where(member => member is { IsVoter: true, IsUp: true })
            .CountBy(member => SiloOf(member.Address))
            .Where(silo => silo.Value > group.CanLose)
            .Select(silo => silo.Key))
        .CountBy(silo => silo)
        .ToDictionary();

    private static string SiloOf(string address) => NodeAddress.Parse(address).Silo;

    private static string? OrNull(string text) => text.Length > 0 ? text : null;

    private static double Milliseconds(TimeSpan duration) => Math.Round(duration.TotalMilliseconds, 2);

    private static double? Milliseconds(TimeSpan? duration) => duration is { } value ? Milliseconds(value) : null;
}
