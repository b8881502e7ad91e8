using LifeRaft.Protocol;

namespace LifeRaft;

/// <summary>Puts together what nodes of one group say, and judges how the group is. What is not said is taken as not there.</summary>
internal static class GroupJudgement
{
    /// <summary>A member that lacks more entries than this is behind.</summary>
    public const long Lag = 1000;

    /// <param name="name">The group.</param>
    /// <param name="nodes">What its nodes say.</param>
    /// <param name="silent">Silos that said nothing, with what is known of them.</param>
    public static GroupReport Judge(string name, IEnumerable<NodeReport> nodes, IReadOnlyDictionary<string, string> silent)
    {
        // A node that is blank belongs to no group; one that was admitted and has heard nothing yet knows no members.
        var all = nodes.Where(node => !node.GroupId.IsNone).ToList();
        var id = all.GroupBy(node => node.GroupId).OrderByDescending(group => group.Count()).ThenBy(group => group.Key.ToString(), StringComparer.Ordinal).FirstOrDefault()?.Key ?? GroupId.None;
        var own = all.Where(node => node.GroupId == id).ToList();
        var leader = own.Where(node => node.State == RaftState.Leader).MaxBy(node => node.Term.Value);
        var known = leader ?? own.Where(node => node.Members.Count > 0).MaxBy(node => (node.Commit.Value, node.Last.Value));
        var members = (known?.Members ?? []).OrderBy(member => member.Address, StringComparer.Ordinal).Select(member => Member(member, own, leader, silent)).ToList();
        var voters = members.Count(member => member.IsVoter);
        var canLose = members.Count(member => member is { IsVoter: true, IsUp: true }) - ((voters / 2) + 1);
        var problems = members.Where(member => member.Problem is not null).Select(member => $"{member.Address} {member.Problem}").ToList();
        foreach (var other in all.Select(node => node.GroupId).Where(other => other != id).Distinct())
        {
            problems.Insert(0, $"another group of this name exists (id {other}); end the nodes of the one that is not wanted");
        }

        var health = leader is null
            ? canLose < 0 ? GroupHealth.NoQuorum : GroupHealth.NoLeader
            : problems.Count > 0 ? GroupHealth.Degraded : GroupHealth.Healthy;
        if (health == GroupHealth.NoQuorum)
        {
            var needed = (voters / 2) + 1;
            problems.Insert(0, $"no quorum: {needed + canLose} of {voters} voters are there, and {needed} are needed");
        }

        return new GroupReport
        {
            Name = name,
            Id = id,
            Health = health,
            Problems = problems,
            Leader = leader?.Address ?? "",
            LeaderSince = leader?.LeaderSince,
            Term = own.Select(node => node.Term).DefaultIfEmpty().MaxBy(term => term.Value),
            Commit = own.Select(node => node.Commit).DefaultIfEmpty().MaxBy(commit => commit.Value),
            CanLose = canLose,
            Voters = voters,
            ElectionsInLastHour = own.Sum(node => node.ElectionsInLastHour),
            CommitP99 = leader?.CommitP99,
            Members = members,
        };
    }

    private static GroupMember Member(MemberStatus member, List<NodeReport> nodes, NodeReport? leader, IReadOnlyDictionary<string, string> silent)
    {
        var node = nodes.FirstOrDefault(node => node.Member == member.Id);
        var peer = leader?.Peers.FirstOrDefault(peer => peer.Address == member.Address);
        var isRunning = node is { State: not RaftState.Stopped };
        return new GroupMember
        {
            Address = member.Address,
            IsVoter = member.IsVoter,
            Node = node,
            Peer = peer,

            // Who has a leader is up when that one hears it: a node may run and be cut off.
            IsUp = leader is null ? isRunning : leader.Member == member.Id || (peer?.IsReachable ?? isRunning),
            Problem = Problem(member, node, peer, leader, silent),
        };
    }

    private static string? Problem(MemberStatus member, NodeReport? node, PeerReport? peer, NodeReport? leader, IReadOnlyDictionary<string, string> silent)
    {
        if (node is null)
        {
            var silo = NodeAddress.Parse(member.Address).Silo;
            return peer is { IsReachable: true }
                ? $"says nothing of itself, though the leader hears it ({silent.GetValueOrDefault(silo, $"{silo} was not asked")})"
                : $"is not there: {silent.GetValueOrDefault(silo, $"{silo} holds no such node")}";
        }

        return node switch
        {
            { State: RaftState.Stopped } => node.Problem ?? "has stopped",
            { IsUnfit: true, Problem: { } problem } => problem,
            _ when peer?.Refusal is { } refusal => $"refuses the leader's messages: {refusal}",
            _ when peer is { IsReachable: false } => $"was not heard by the leader for {Duration.Format(TimeSpan.FromMilliseconds(Math.Round(peer.LastContact.TotalMilliseconds)))}",
            _ when peer is { Snapshot: { } share } => $"is being sent a snapshot, and has {(int)(share * 100)} % of it",
            _ when peer is { Lag: > Lag } => $"lacks {peer.Lag:N0} entries",
            _ when leader is null && node.Leader.Length > 0 => $"follows {node.Leader}, which says nothing",
            _ => node.Problem,
        };
    }
}
