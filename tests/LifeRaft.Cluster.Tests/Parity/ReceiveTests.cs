using LifeRaft.Protocol;

namespace LifeRaft.Cluster.Tests;

/// <summary>liferaft's <c>emit('data', packet, reply)</c>: a node is fed by hand.</summary>
public sealed class ReceiveTests(ThreeSilos silos) : IClassFixture<ThreeSilos>
{
    private RaftCluster Cluster => silos.Cluster;

    [Fact]
    public async Task What_is_no_packet_is_answered_with_an_error_and_changes_nothing()
    {
        var (node, other) = await Pair("kv/receive-invalid");
        var before = await node.Status();
        var good = await other.Packet(PacketTypes.Vote);
        foreach (var bad in new[] { null, good with { Type = "" }, good with { Address = null! }, good with { Term = new Term(-1) }, good with { State = (RaftState)9 } })
        {
            var answer = await node.Receive(bad);
            Assert.Equal(PacketTypes.Error, answer!.Type);
            Assert.StartsWith("Invalid packet received", (string)answer.Data!, StringComparison.Ordinal);
        }

        Assert.Equal(before.Term, (await node.Status()).Term);
    }

    [Fact]
    public async Task A_packet_of_an_older_term_is_answered_with_an_error_that_names_both_terms()
    {
        var (node, other) = await Pair("kv/receive-stale");
        var status = await node.Status();
        var answer = await node.Receive(await other.Packet(PacketTypes.Append) with { Term = new Term(0) });
        Assert.Equal(PacketTypes.Error, answer!.Type);
        Assert.Contains("term 0", (string)answer.Data!, StringComparison.Ordinal);
        Assert.Contains($"term is {status.Term}", (string)answer.Data!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_raw_packet_of_a_stranger_is_refused()
    {
        var (node, other) = await Pair("kv/receive-stranger");
        var vote = await other.Packet(PacketTypes.Vote);
        var status = await node.Status();
        foreach (var stranger in new[] { vote with { Group = new GroupId(Guid.NewGuid()) }, vote with { Member = new MemberId(Guid.NewGuid()) } })
        {
            var answer = await node.Receive(stranger with { Term = status.Term + 10 });
            Assert.Equal(PacketTypes.Error, answer!.Type);
        }

        Assert.Equal(status.Term, (await node.Status()).Term);
    }

    [Fact]
    public async Task A_vote_of_a_candidate_whose_log_is_behind_is_not_granted()
    {
        var (node, other) = await Pair("kv/receive-vote-behind");
        var status = await node.Status();
        var answer = await node.Receive(await other.Packet(PacketTypes.Vote) with
        {
            Term = status.Term,
            Last = new PacketLog(LogIndex.First, new Term(1), default),
        });
        Assert.Equal(PacketTypes.Voted, answer!.Type);
        Assert.Equal(false, answer.Data);
    }

    [Fact]
    public async Task A_vote_that_arrives_at_one_who_is_no_candidate_is_an_error()
    {
        var (node, other) = await Pair("kv/receive-voted");
        var status = await node.Status();
        var answer = await node.Receive(await other.Packet(PacketTypes.Voted, true) with { Term = status.Term });
        Assert.Equal(PacketTypes.Error, answer!.Type);
        Assert.Contains("no candidate", (string)answer.Data!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_higher_term_makes_a_follower_and_the_packet_is_handled()
    {
        var (node, other) = await Pair("kv/receive-higher");
        var status = await node.Status();
        var answer = await node.Receive(await other.Packet(PacketTypes.Append) with { Term = status.Term + 5 });
        Assert.Equal(PacketTypes.AppendAck, answer!.Type);
        Assert.True((await node.Status()).Term >= status.Term + 5);
    }

    [Fact]
    public async Task An_unknown_type_is_an_error_that_names_it()
    {
        var (node, other) = await Pair("kv/receive-unknown");
        var answer = await node.Receive(await other.Packet("nonsense"));
        Assert.Equal("Unknown message type: nonsense", answer!.Data);
    }

    [Fact]
    public async Task Error_and_exec_packets_are_not_answered()
    {
        var (node, other) = await Pair("kv/receive-silent");
        Assert.Null(await node.Receive(await other.Packet(PacketTypes.Error, "oh")));
        Assert.Null(await node.Receive(await other.Packet(PacketTypes.Exec)));
    }

    [Fact]
    public async Task An_append_with_garbage_as_entries_is_an_error_and_the_node_lives_on()
    {
        var (node, other) = await Pair("kv/receive-garbage");
        var status = await node.Status();
        foreach (var data in new object[] { "text", new byte[][] { [1, 2, 3] }, 42 })
        {
            var answer = await node.Receive(await other.Packet(PacketTypes.Append, data) with { Term = status.Term });
            Assert.Equal(PacketTypes.Error, answer!.Type);
        }

        Assert.NotEqual(RaftState.Stopped, (await node.Status()).State);
    }

    /// <summary>The follower of two nodes, and the leader.</summary>
    private async Task<(IRaftNode Follower, IRaftNode Leader)> Pair(string name)
    {
        var group = await Cluster.Create(name, 0, 1);
        var leader = await Cluster.Leader(group);
        var follower = leader.Members.Single(member => member.Address != leader.Address).Address;
        return (await group.Node(follower), await group.Node(leader.Address));
    }
}
