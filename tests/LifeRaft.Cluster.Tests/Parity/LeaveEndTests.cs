using LifeRaft.Protocol;

namespace LifeRaft.Cluster.Tests;

/// <summary>liferaft's <c>leave</c>, <c>promote</c> and <c>end</c>.</summary>
public sealed class LeaveEndTests(ThreeSilos silos) : IClassFixture<ThreeSilos>
{
    private RaftCluster Cluster => silos.Cluster;

    [Fact]
    public async Task Leave_removes_a_follower_and_returns_who_left()
    {
        var group = await Cluster.Create("kv/leave");
        var leader = await Cluster.Leader(group);
        var leaving = Enumerable.Range(0, 3).Select(RaftCluster.Address).First(address => address != leader.Address);
        Assert.Equal(leaving, await (await group.Node(leader.Address)).Leave(leaving));
        Assert.DoesNotContain(await group.Members(TestContext.Current.CancellationToken), member => member.Address == leaving);

        var left = await group.Node(leaving);
        await Wait.For("the removed node has stopped", left.Status, status => status.State == RaftState.Stopped);
    }

    [Fact]
    public async Task Leave_of_an_unknown_address_returns_null()
    {
        var group = await Cluster.Create("kv/leave-unknown", 0);
        Assert.Null(await (await Cluster.Node(group, 0)).Leave("nobody@Silo_1"));
    }

    [Fact]
    public async Task A_leader_that_leaves_hands_over_first()
    {
        var group = await Cluster.Create("kv/leave-leader");
        var leader = await Cluster.Leader(group);
        Assert.Equal(leader.Address, await group.Leave(leader.Address, TestContext.Current.CancellationToken));
        var members = await group.Members(TestContext.Current.CancellationToken);
        Assert.Equal(2, members.Count);
        Assert.DoesNotContain(members, member => member.Address == leader.Address);
        await new KeyValueStore(group).Put("after", "1"u8.ToArray(), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task End_leaves_the_group_and_stops_and_a_second_call_returns_false()
    {
        var group = await Cluster.Create("kv/end");
        var leader = await Cluster.Leader(group);
        var ending = await group.Node(leader.Address);
        var events = await Recording.Of(ending);
        Assert.True(await ending.End());
        Assert.False(await ending.End());
        Assert.Equal(RaftState.Stopped, (await ending.Status()).State);
        Assert.Equal(2, (await group.Members(TestContext.Current.CancellationToken)).Count);

        var names = (await events.Rest).Select(raftEvent => raftEvent.Name).ToList();
        Assert.Equal(["state change", "stopped", "end"], names.TakeLast(3));
    }

    [Fact]
    public async Task The_end_of_the_last_member_is_the_end_of_the_group()
    {
        var group = await Cluster.Create("kv/end-last", 0);
        var node = await Cluster.Node(group, 0);
        Assert.True(await node.End());
        await Assert.ThrowsAsync<GroupNotFoundException>(() => group.Members(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_node_that_belongs_to_no_group_has_nothing_to_end()
    {
        var node = await Cluster.Node(Cluster.Group("kv/end-blank"), 0);
        Assert.False(await node.End());
    }

    [Fact]
    public async Task Every_departure_is_announced_once()
    {
        var group = await Cluster.Create("kv/departures");
        var leader = await Cluster.Leader(group);
        var events = await Recording.Of(await group.Node(leader.Address));
        var leaving = Enumerable.Range(0, 3).Select(RaftCluster.Address).Where(address => address != leader.Address).ToList();
        foreach (var address in leaving)
        {
            await (await group.Node(address)).End();
        }

        await (await group.Node(leader.Address)).End();
        var left = (await events.Rest).OfType<LeaveEvent>().Select(leave => leave.Address).ToList();
        Assert.Equal(leaving, left);
    }

    [Fact]
    public async Task Promote_starts_an_election_that_the_promoted_node_wins()
    {
        var group = await Cluster.Create("kv/promote");
        var leader = await Cluster.Leader(group);
        var promoted = Enumerable.Range(0, 3).Select(RaftCluster.Address).First(address => address != leader.Address);
        await (await group.Node(promoted)).Promote();
        var next = await Wait.For("the promoted node leads", () => Cluster.Leader(group), found => found.Address == promoted, found => found.Address);
        Assert.True(next.Term > leader.Term);
    }

    [Fact]
    public async Task Promote_changes_nothing_on_a_leader_and_is_an_error_on_a_node_without_a_vote()
    {
        var group = await Cluster.Create("kv/promote-leader");
        var leader = await Cluster.Leader(group);
        await (await group.Node(leader.Address)).Promote();
        Assert.Equal(leader.Term, (await (await group.Node(leader.Address)).Status()).Term);

        var blank = await group.Node("blank@Silo_0");
        var failure = await Assert.ThrowsAsync<MembershipException>(blank.Promote);
        Assert.Contains("no voter", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leadership_moves_where_it_is_told_to()
    {
        var group = await Cluster.Create("kv/transfer");
        var leader = await Cluster.Leader(group);
        var target = Enumerable.Range(0, 3).Select(RaftCluster.Address).First(address => address != leader.Address);
        await group.TransferLeadership(target, TestContext.Current.CancellationToken);
        await Wait.For("the target leads", () => Cluster.Leader(group), found => found.Address == target, found => found.Address);
        await Assert.ThrowsAsync<MembershipException>(() => group.TransferLeadership("nobody@Silo_0", TestContext.Current.CancellationToken));
    }
}
