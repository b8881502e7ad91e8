namespace LifeRaft.Cluster.Tests;

/// <summary>liferaft's <c>timing</c>.</summary>
public sealed class LatencyTests
{
    [Fact]
    public async Task A_write_that_timed_out_counts_its_latency_once_whatever_comes_later()
    {
        var patience = TimeSpan.FromMilliseconds(500);
        await using var cluster = await RaftCluster.Start(
            2, raft => raft.AddStateMachine<KeyValueMachine, TalkativeNodeGrain>("talk"), options => options.MessageTimeout = patience);
        var group = await cluster.Create("talk/late");
        var sender = await cluster.Node(group, 0);
        var results = await sender.Message(MessageTarget.Everyone, await sender.Packet("later"));
        Assert.Equal([RaftCluster.Address(1)], results.Errors.Keys);
        Assert.Empty(results.Results);
        var latency = (await sender.Status()).Latency;
        Assert.True(latency > patience / 2, $"{latency}"); // Timers fire a little early.

        // The answer comes after all, and the peer's own calls are answered after it: it changes nothing.
        var peer = cluster.From(1).GetGrain<ITalkativeNode>((await cluster.Node(group, 1)).GetGrainId());
        await peer.Release();
        await peer.Heard();
        Assert.Equal(latency, (await sender.Status()).Latency);
    }

    [Fact]
    public async Task A_stopped_node_measures_nothing()
    {
        await using var cluster = await RaftCluster.Start(1, raft => raft.AddStateMachine<KeyValueMachine, TalkativeNodeGrain>("talk"));
        var group = await cluster.Create("talk/stopped");
        var node = await cluster.Node(group, 0);
        var packet = await node.Packet("greeting");
        Assert.True(await node.End());
        await node.Message(MessageTarget.Everyone, packet);
        Assert.Equal(TimeSpan.Zero, (await node.Status()).Latency);
    }
}
