using LifeRaft.Protocol;
using Xunit;

namespace LifeRaft.Tests;

/// <summary>How a group is, from what its nodes say.</summary>
public sealed class GroupJudgementTests
{
    private static readonly GroupId _group = new(Guid.NewGuid());
    private static readonly Dictionary<string, MemberId> _ids = new[] { "1@a", "2@b", "3@c", "4@d" }.ToDictionary(address => address, _ => new MemberId(Guid.NewGuid()));
    private static readonly IReadOnlyDictionary<string, string> _nobody = new Dictionary<string, string>();

    [Fact]
    public void All_there_and_level_is_healthy()
    {
        var report = Judge(Leader("1@a", ("2@b", 0, true), ("3@c", 0, true)), Follower("2@b"), Follower("3@c"));
        Assert.Equal((GroupHealth.Healthy, 1, "1@a"), (report.Health, report.CanLose, report.Leader));
        Assert.Empty(report.Problems);
    }

    [Fact]
    public void A_follower_that_the_leader_does_not_hear_counts_as_lost_though_it_runs()
    {
        var report = Judge(Leader("1@a", ("2@b", 0, false), ("3@c", 0, true)), Follower("2@b"), Follower("3@c"));
        Assert.Equal((GroupHealth.Degraded, 0), (report.Health, report.CanLose));
        Assert.Equal(["2@b was not heard by the leader for 700 ms"], report.Problems);
    }

    [Fact]
    public void A_silo_that_says_nothing_while_the_leader_hears_its_node_costs_no_vote()
    {
        var report = GroupJudgement.Judge("kv/a", [Leader("1@a", ("2@b", 0, true), ("3@c", 0, true)), Follower("2@b")], new Dictionary<string, string> { ["c"] = "c did not answer within 700 ms" });
        Assert.Equal((GroupHealth.Degraded, 1), (report.Health, report.CanLose));
        Assert.Equal(["3@c says nothing of itself, though the leader hears it (c did not answer within 700 ms)"], report.Problems);
    }

    [Fact]
    public void Without_a_leader_it_depends_on_how_many_voters_are_there()
    {
        var electing = Judge(Follower("1@a", leader: ""), Follower("2@b", leader: ""));
        Assert.Equal((GroupHealth.NoLeader, 0), (electing.Health, electing.CanLose));
        var lost = Judge(Follower("1@a", leader: ""));
        Assert.Equal((GroupHealth.NoQuorum, -1), (lost.Health, lost.CanLose));
        Assert.Equal("no quorum: 1 of 3 voters are there, and 2 are needed", lost.Problems[0]);
        Assert.Equal(3, lost.Members.Count);
    }

    [Fact]
    public void A_leader_that_was_deposed_and_does_not_know_it_yet_is_not_the_leader()
    {
        var report = Judge(Leader("1@a", ("2@b", 0, false), ("3@c", 0, false)), Leader("2@b", term: 9, ("1@a", 0, false), ("3@c", 0, true)), Follower("3@c", leader: "2@b"));
        Assert.Equal(("2@b", new Term(9), 0), (report.Leader, report.Term, report.CanLose));
    }

    [Fact]
    public void Who_is_far_behind_or_refuses_or_has_failed_is_named()
    {
        var leader = Leader("1@a", ("2@b", 5000, true), ("3@c", 0, true));
        leader = leader with { Peers = [leader.Peers[0], leader.Peers[1] with { Refusal = "OtherMember" }] };
        var report = Judge(leader, Follower("2@b"), Follower("3@c"));
        Assert.Equal(["2@b lacks 5,000 entries", "3@c refuses the leader's messages: OtherMember"], report.Problems);
        var failed = Judge(Leader("1@a", ("2@b", 0, true), ("3@c", 0, false)), Follower("2@b"), Follower("3@c") with { State = RaftState.Stopped, Problem = "has failed: no space", IsUnfit = true });
        Assert.Equal(["3@c has failed: no space"], failed.Problems);
    }

    [Fact]
    public void Learners_are_members_and_no_votes()
    {
        var members = Members().Append(new MemberStatus("4@d", _ids["4@d"], IsVoter: false, default)).ToList();
        var report = Judge(Leader("1@a", ("2@b", 0, true), ("3@c", 0, true), ("4@d", 0, false)) with { Members = members }, Follower("2@b"), Follower("3@c"));
        Assert.Equal((3, 1, GroupHealth.Degraded), (report.Voters, report.CanLose, report.Health));
        Assert.Equal(4, report.Members.Count);
    }

    [Fact]
    public void Two_groups_of_one_name_are_told_of()
    {
        var other = new GroupId(Guid.NewGuid());
        var report = Judge(Leader("1@a", ("2@b", 0, true), ("3@c", 0, true)), Follower("2@b"), Follower("3@c") with { GroupId = other });
        Assert.Equal(_group, report.Id);
        Assert.StartsWith($"another group of this name exists (id {other})", report.Problems[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Leaders_are_spread_over_the_silos_that_can_lead()
    {
        var groups = Enumerable.Range(0, 7).Select(number => $"kv/{number}").ToList();
        var nodes = groups.SelectMany(group => new[] { Leader("1@a", ("2@b", 0, true), ("3@c", 0, true)) with { Group = group }, Follower("2@b") with { Group = group }, Follower("3@c") with { Group = group } }).ToList();
        var moves = RaftCluster.PlanRebalance(Report(nodes, drained: null));
        Assert.Equal([3, 2, 2], Leads(groups, moves).OrderDescending());
        Assert.All(RaftCluster.PlanRebalance(Report(nodes, drained: "b")), move => Assert.Equal("3@c", move.To));
        Assert.Equal([4, 3], Leads(groups, RaftCluster.PlanRebalance(Report(nodes, drained: "b"))).OrderDescending());
        var fromDrained = RaftCluster.PlanRebalance(Report(nodes, drained: "a"));
        Assert.Equal(7, fromDrained.Count);
        Assert.Equal(["2@b", "3@c"], fromDrained.Select(move => move.To).Distinct().Order());
        var behind = nodes.Select(node => node.State == RaftState.Leader ? node with { Peers = [.. node.Peers.Select(peer => peer with { Lag = 5000 })] } : node).ToList();
        Assert.Empty(RaftCluster.PlanRebalance(Report(behind, drained: null)));
    }

    private static IEnumerable<int> Leads(IReadOnlyList<string> groups, IReadOnlyList<LeaderMove> moves) =>
        groups.Select(group => moves.FirstOrDefault(move => move.Group == group)?.To ?? "1@a").CountBy(address => address).Select(count => count.Value);

    private static ClusterReport Report(IReadOnlyList<NodeReport> nodes, string? drained) => new(
        DateTimeOffset.UnixEpoch,
        [.. nodes.GroupBy(node => NodeAddress.Parse(node.Address).Silo).Select(silo => new SiloReport { Name = silo.Key, Address = "", IsActive = true, IsDrained = silo.Key == drained, Nodes = [.. silo] })],
        []);

    private static GroupReport Judge(params NodeReport[] nodes) => GroupJudgement.Judge("kv/a", nodes, _nobody);

    private static NodeReport Leader(string address, params (string Address, long Lag, bool IsReachable)[] peers) => Leader(address, 3, peers);

    private static NodeReport Leader(string address, long term, params (string Address, long Lag, bool IsReachable)[] peers) => Follower(address, leader: address) with
    {
        State = RaftState.Leader,
        Term = new Term(term),
        Peers = [.. peers.Select(peer => new PeerReport { Address = peer.Address, Lag = peer.Lag, IsReachable = peer.IsReachable, LastContact = TimeSpan.FromMilliseconds(peer.IsReachable ? 7.123 : 700.456) })],
    };

    private static NodeReport Follower(string address, string leader = "1@a") => new()
    {
        Group = "kv/a",
        Address = address,
        GroupId = _group,
        Member = _ids[address],
        State = RaftState.Follower,
        Term = new Term(3),
        Leader = leader,
        Members = [.. Members()],
    };

    private static IEnumerable<MemberStatus> Members() => _ids.Keys.Take(3).Select(address => new MemberStatus(address, _ids[address], IsVoter: true, default));
}
