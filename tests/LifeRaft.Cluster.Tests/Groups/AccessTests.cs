using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Cluster.Tests;

/// <summary>What a client outside the silos may do, where the silos do not allow it everything.</summary>
public sealed class AccessTests
{
    [Fact]
    public async Task A_client_outside_may_command_and_read_but_not_destroy_or_speak_for_a_member()
    {
        await using var cluster = await RaftCluster.Start(2);
        var group = await cluster.Create("kv/guarded");
        await new KeyValueStore(group).Put("key", "1"u8.ToArray(), TestContext.Current.CancellationToken);
        var node = await group.Node(RaftCluster.Address(0), TestContext.Current.CancellationToken);
        var forbidden = new Func<Task>[]
        {
            () => group.Delete(TestContext.Current.CancellationToken),
            () => group.Leave(RaftCluster.Address(0), TestContext.Current.CancellationToken),
            () => group.Replace(RaftCluster.Address(0), "9@Silo_1", TestContext.Current.CancellationToken),
            () => node.End(),
            () => node.Leave(RaftCluster.Address(1)),
            async () => await node.Receive(await node.Packet(PacketTypes.Vote)),
            () => cluster.Client.GetGrain<IRaftPeer>(node.GetGrainId()).Admit(new GroupId(Guid.NewGuid()), new MemberId(Guid.NewGuid())),
        };
        foreach (var call in forbidden)
        {
            var failure = await Assert.ThrowsAsync<InvalidRequestException>(call);
            Assert.Contains("AllowDestructiveCallsFromClients", failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal("Unknown message type: greeting", (await node.Receive(await node.Packet("greeting")))!.Data);
        Assert.NotNull(await new KeyValueStore(group).Get("key", TestContext.Current.CancellationToken));

        // From a silo the same is allowed.
        await cluster.From(0).GetRaftGroup("kv/guarded").Delete(TestContext.Current.CancellationToken);
    }
}
