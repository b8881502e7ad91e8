namespace LifeRaft.Cluster.Tests;

/// <summary>A member that is dead for good is replaced in one operation.</summary>
public sealed class ReplaceTests
{
    [Fact]
    public async Task A_member_on_a_dead_silo_is_replaced_by_a_node_on_another()
    {
        await using var cluster = await RaftCluster.Start(4);
        var group = await cluster.Create("kv/replace", 1, 2, 3);
        await new KeyValueStore(group).Put("x", "1"u8.ToArray());
        var voting = await Assert.ThrowsAsync<MembershipException>(() => cluster.From(1).GetRaftGroup("kv/replace").Replace(RaftCluster.Address(1), RaftCluster.Address(2)));
        Assert.StartsWith($"{RaftCluster.Address(2)} votes in kv/replace already, so it cannot take the place of {RaftCluster.Address(1)}; nothing was done.", voting.Message, StringComparison.Ordinal);

        await cluster.Kill(3);
        var here = cluster.From(1).GetRaftGroup("kv/replace");
        here.Timeout = TimeSpan.FromSeconds(60);
        var replaced = await here.Replace(RaftCluster.Address(3), RaftCluster.Address(0));
        Assert.True(replaced.IsNew);
        Assert.Equal([RaftCluster.Address(0), RaftCluster.Address(1), RaftCluster.Address(2)], (await here.Members()).Select(member => member.Address).Order(StringComparer.Ordinal));
        Assert.All(await here.Members(), member => Assert.True(member.IsVoter));
        Assert.Equal("1"u8.ToArray(), (await new KeyValueStore(here).Get("x"))!.Value.ToArray());

        var again = await here.Replace(RaftCluster.Address(3), RaftCluster.Address(0));
        Assert.False(again.IsNew);
        var unknown = await Assert.ThrowsAsync<MembershipException>(() => here.Replace("9@Silo_1", "8@Silo_2"));
        Assert.Contains("no member 9@Silo_1", unknown.Message, StringComparison.Ordinal);

        // Who was replaced comes back, is told, and ends.
        await cluster.Restart(3);
        await Wait.For(
            "the replaced node has ended",
            async () => await (await cluster.Node(group, 3)).Status(),
            status => status.Group.IsNone || status.State == Protocol.RaftState.Stopped,
            status => $"{status}");
    }
}
