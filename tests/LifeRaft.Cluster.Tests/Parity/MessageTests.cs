namespace LifeRaft.Cluster.Tests;

/// <summary>liferaft's <c>message</c>, <c>packet</c>, <c>quorum</c>, <c>majority</c> and <c>indefinitely</c>, with a node class of the user's own.</summary>
public sealed class MessageTests(ThreeSilos silos) : IClassFixture<ThreeSilos>
{
    private RaftCluster Cluster => silos.Cluster;

    [Fact]
    public async Task A_message_to_everyone_reaches_all_joined_nodes_and_never_the_sender()
    {
        var (group, sender) = await Talkers("talk/everyone");
        var results = await sender.Message(MessageTarget.Everyone, await sender.Packet("greeting", "all"));
        Assert.Equal([RaftCluster.Address(1), RaftCluster.Address(2)], results.Results.Keys.Order());
        Assert.All(results.Results.Values, answer => Assert.Equal("hello all", answer!.Data));
        Assert.Empty(results.Errors);
        Assert.Equal(3, (await group.Members(TestContext.Current.CancellationToken)).Count);
    }

    [Fact]
    public async Task A_message_to_the_leader_reaches_only_the_leader()
    {
        var (group, _) = await Talkers("talk/leader");
        var leader = await Cluster.Leader(group);
        var sender = await group.Node(leader.Members.First(member => member.Address != leader.Address).Address);
        var results = await sender.Message(MessageTarget.Leader, await sender.Packet("greeting", "leader"));
        Assert.Equal([leader.Address], results.Results.Keys);
    }

    [Fact]
    public async Task A_message_to_the_followers_reaches_all_but_the_leader()
    {
        var (group, _) = await Talkers("talk/followers");
        var leader = await Cluster.Leader(group);
        var sender = await group.Node(leader.Address);
        var results = await sender.Message(MessageTarget.Followers, await sender.Packet("greeting", "followers"));
        Assert.Equal(leader.Members.Select(member => member.Address).Where(address => address != leader.Address).Order(), results.Results.Keys.Order());
    }

    [Fact]
    public async Task A_message_to_one_address_reaches_only_that_one()
    {
        var (_, sender) = await Talkers("talk/one");
        var results = await sender.Message(MessageTarget.Node(RaftCluster.Address(2)), await sender.Packet("greeting", "you"));
        Assert.Equal("hello you", results.Results[RaftCluster.Address(2)]!.Data);
        Assert.Single(results.Results);
    }

    [Fact]
    public async Task A_message_to_nobody_completes_with_no_results()
    {
        var group = await Cluster.Create("talk/nobody", 0);
        var node = await Cluster.Node(group, 0);
        var results = await node.Message(MessageTarget.Everyone, await node.Packet("greeting"));
        Assert.Empty(results.Results);
        Assert.Empty(results.Errors);
    }

    [Fact]
    public async Task A_misspelt_target_and_an_unset_one_are_errors_at_once()
    {
        var (_, sender) = await Talkers("talk/misspelt");
        var packet = await sender.Packet("greeting");
        var misspelt = await Assert.ThrowsAsync<InvalidRequestException>(() => sender.Message(MessageTarget.Node("2@Silo_9"), packet));
        Assert.Contains("2@Silo_9", misspelt.Message, StringComparison.Ordinal);
        Assert.Contains(RaftCluster.Address(1), misspelt.Message, StringComparison.Ordinal);
        var unset = await Assert.ThrowsAsync<InvalidRequestException>(() => sender.Message(default, packet));
        Assert.Contains("not set", unset.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_is_handled_as_data_and_each_round_trip_counts_once()
    {
        var (group, sender) = await Talkers("talk/reply");
        Assert.Equal(TimeSpan.Zero, (await sender.Status()).Latency);
        await sender.Message(MessageTarget.Node(RaftCluster.Address(1)), await sender.Packet("greeting", 7));
        Assert.True((await sender.Status()).Latency > TimeSpan.Zero);
        var heard = await Heard(group, 0);
        Assert.Contains("error Unknown message type: greeting reply", heard);
    }

    [Fact]
    public async Task A_packet_is_filled_in_from_the_node_and_no_data_is_not_null_data()
    {
        var (group, _) = await Talkers("talk/packet");
        var leader = await Cluster.Leader(group);
        var node = await group.Node(leader.Address);
        var packet = await node.Packet("thing");
        Assert.Equal(
            (leader.State, leader.Term, leader.Address, leader.Address, leader.Group, leader.Member),
            (packet.State, packet.Term, packet.Address, packet.Leader, packet.Group, packet.Member));
        Assert.Equal(leader.Last, packet.Last.Index);
        Assert.Equal(leader.Commit, packet.Last.CommittedIndex);
        Assert.False(packet.HasData);
        var withNull = await node.Packet("thing", null);
        Assert.True(withNull.HasData);
        Assert.Null(withNull.Data);
    }

    [Fact]
    public async Task Quorum_and_majority_count_as_liferaft_does()
    {
        var (_, node) = await Talkers("talk/quorum");
        Assert.Equal(2, await node.Majority());
        Assert.False(await node.Quorum(0));
        Assert.False(await node.Quorum(1));
        Assert.True(await node.Quorum(2));

        var alone = await Cluster.Node(await Cluster.Create("talk/quorum-alone", 0), 0);
        Assert.Equal(1, await alone.Majority());
        Assert.False(await alone.Quorum(1));
    }

    [Fact]
    public async Task A_subclass_hears_the_events_and_answers_through_an_interface_of_its_own()
    {
        var (group, _) = await Talkers("talk/subclass");
        await group.Command("\u0001"u8.ToArray(), TestContext.Current.CancellationToken).ContinueWith(_ => { }, TestContext.Current.CancellationToken);
        var leader = await Cluster.Leader(group);
        var heard = await Heard(group, RaftCluster.SiloOf(leader.Address));
        Assert.Equal("initialize 50", heard[0]);
        Assert.All(["term change", "leader change", "state change Leader", "leader"], name => Assert.Contains(name, heard));
        Assert.Contains($"join {RaftCluster.Address(1)}", heard);
        Assert.Contains("commit 1", heard);
        Assert.DoesNotContain("wrong heartbeat", heard);
    }

    [Fact]
    public async Task Initialize_may_fail_and_then_the_node_does_not_start()
    {
        var group = Cluster.Group("talk/unable");
        var node = await group.Node("unable@Silo_0");
        var failure = await Assert.ThrowsAsync<NodeUnavailableException>(node.Status);
        Assert.Contains("it is not able to", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Indefinitely_repeats_until_it_succeeds_and_each_failure_is_an_error_event()
    {
        var (group, _) = await Talkers("talk/indefinitely");
        var node = Cluster.From(0).GetGrain<ITalkativeNode>((await group.Node(RaftCluster.Address(0))).GetGrainId());
        Assert.Equal(4, await node.Attempts(3));
        var heard = await node.Heard();
        Assert.All(["error attempt 1", "error attempt 2", "error attempt 3"], error => Assert.Single(heard, line => line == error));
    }

    private async Task<(RaftGroup Group, IRaftNode Sender)> Talkers(string name)
    {
        var group = await Cluster.Create(name);
        return (group, await Cluster.Node(group, 0));
    }

    private async Task<IReadOnlyList<string>> Heard(RaftGroup group, int silo)
    {
        var node = await group.Node(RaftCluster.Address(silo));
        return await Cluster.From(silo).GetGrain<ITalkativeNode>(node.GetGrainId()).Heard();
    }
}
