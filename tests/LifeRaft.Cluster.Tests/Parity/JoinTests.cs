using LifeRaft.Protocol;

namespace LifeRaft.Cluster.Tests;

/// <summary>liferaft's <c>join</c>.</summary>
public sealed class JoinTests(ThreeSilos silos) : IClassFixture<ThreeSilos>
{
    private RaftCluster Cluster => silos.Cluster;

    [Fact]
    public async Task Join_makes_both_nodes_voting_members_that_agree_on_the_members()
    {
        var group = Cluster.Group("kv/join-two");
        var first = await Cluster.Node(group, 0);
        var result = await first.Join(RaftCluster.Address(1));
        Assert.True(result.IsNew);
        Assert.Equal(RaftCluster.Address(1), result.Member.Address);

        var one = await first.Status();
        var two = await (await Cluster.Node(group, 1)).Status();
        Assert.Equal(one.Group, two.Group);
        Assert.Equal(one.Members.OrderBy(member => member.Address), two.Members.OrderBy(member => member.Address));
        Assert.All(one.Members, member => Assert.True(member.IsVoter));
        Assert.Equal(2, one.Members.Count);
    }

    [Fact]
    public async Task Joining_twice_counts_once_and_says_so()
    {
        var group = Cluster.Group("kv/join-twice");
        var first = await Cluster.Node(group, 0);
        await first.Join(RaftCluster.Address(1));
        var again = await first.Join(RaftCluster.Address(1));
        Assert.False(again.IsNew);
        Assert.Equal(2, (await group.Members(TestContext.Current.CancellationToken)).Count);
    }

    [Fact]
    public async Task Joining_oneself_changes_nothing_and_says_so()
    {
        var group = await Cluster.Create("kv/join-self", 0, 1);
        var result = await (await Cluster.Node(group, 0)).Join(RaftCluster.Address(0));
        Assert.False(result.IsNew);
        Assert.Equal(2, (await group.Members(TestContext.Current.CancellationToken)).Count);
    }

    [Fact]
    public async Task A_blank_node_that_joins_itself_stays_blank_and_says_so()
    {
        var group = Cluster.Group("kv/join-self-blank");
        var node = await Cluster.Node(group, 0);
        var failure = await Assert.ThrowsAsync<MembershipException>(() => node.Join(RaftCluster.Address(0)));
        Assert.Contains("asked to join itself", failure.Message, StringComparison.Ordinal);
        Assert.True((await node.Status()).Group.IsNone);
    }

    [Fact]
    public async Task Join_works_from_a_node_that_does_not_lead()
    {
        var group = await Cluster.Create("kv/join-from-follower", 0, 1);
        var leader = await Cluster.Leader(group);
        var follower = await Cluster.Node(group, RaftCluster.SiloOf(leader.Address) == 0 ? 1 : 0);
        await follower.Join(RaftCluster.Address(2));
        Assert.Equal(3, (await group.Members(TestContext.Current.CancellationToken)).Count(member => member.IsVoter));
    }

    [Fact]
    public async Task Everyone_joining_everyone_at_once_ends_in_one_group()
    {
        var group = Cluster.Group("kv/join-everyone");
        var nodes = await Task.WhenAll(Enumerable.Range(0, 3).Select(silo => Cluster.Node(group, silo)));
        await Task.WhenAll(
            from node in Enumerable.Range(0, 3)
            from other in Enumerable.Range(0, 3)
            where node != other
            select nodes[node].Join(RaftCluster.Address(other)));

        var statuses = await Task.WhenAll(nodes.Select(node => node.Status()));
        Assert.Single(statuses.Select(status => status.Group).Distinct());
        Assert.False(statuses[0].Group.IsNone);
        Assert.All(statuses, status => Assert.Equal(3, status.Members.Count(member => member.IsVoter)));
        var leader = await Cluster.Leader(group);
        Assert.Contains(leader.Address, Enumerable.Range(0, 3).Select(RaftCluster.Address));
    }

    [Fact]
    public async Task Join_without_an_address_draws_a_name()
    {
        var group = await Cluster.Create("kv/join-unnamed", 0);
        var result = await (await Cluster.Node(group, 0)).Join();
        Assert.NotEqual(RaftCluster.Address(0), result.Member.Address);
        Assert.EndsWith("@Silo_0", result.Member.Address, StringComparison.Ordinal);
        Assert.Equal(2, (await group.Members(TestContext.Current.CancellationToken)).Count);
    }

    [Fact]
    public async Task A_given_name_is_the_name()
    {
        var group = Cluster.Group("kv/named");
        await group.Create(["alice@Silo_0"], cancellationToken: TestContext.Current.CancellationToken);
        var node = await group.Node("alice@Silo_0");
        Assert.Equal("alice@Silo_0", (await node.Status()).Address);
        Assert.Equal("alice@Silo_0", (await node.Packet("anything")).Address);
    }

    [Fact]
    public async Task A_group_of_one_elects_itself()
    {
        var group = await Cluster.Create("kv/alone", 0);
        var leader = await Cluster.Leader(group);
        Assert.Equal(RaftCluster.Address(0), leader.Address);
        Assert.Equal(RaftState.Leader, leader.State);
    }

    [Fact]
    public async Task Joining_a_node_of_a_silo_that_is_not_there_is_an_error_that_names_it()
    {
        var group = await Cluster.Create("kv/join-nowhere", 0);
        var failure = await Assert.ThrowsAsync<NodeUnavailableException>(() => group.Join("1@nowhere", TestContext.Current.CancellationToken));
        Assert.Contains("'nowhere'", failure.Message, StringComparison.Ordinal);
    }
}
