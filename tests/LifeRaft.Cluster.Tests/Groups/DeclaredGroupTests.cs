using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Cluster.Tests;

/// <summary>Groups that exist from the first start on.</summary>
public sealed class DeclaredGroupTests
{
    [Fact]
    public async Task Declared_groups_are_founded_once_though_every_silo_sees_to_them_and_are_left_alone_after_restarts()
    {
        await using var cluster = await RaftCluster.Start(3, raft => raft.AddGroup("kv/one", members: 1).AddGroup("kv/three"));
        var three = await Complete(cluster, "kv/three", 3);
        var one = await Complete(cluster, "kv/one", 1);
        await new KeyValueStore(cluster.Group("kv/three")).Put("kept", "1"u8.ToArray());

        foreach (var silo in cluster.Running.ToList())
        {
            await cluster.Stop(silo);
            await cluster.Restart(silo);
        }

        Assert.Equal(three, await Complete(cluster, "kv/three", 3));
        Assert.Equal(one, await Complete(cluster, "kv/one", 1));
        Assert.NotNull(await new KeyValueStore(cluster.From(0).GetRaftGroup("kv/three")).Get("kept"));
    }

    [Fact]
    public async Task A_declared_group_waits_for_as_many_silos_as_it_has_members_and_holds_up_no_start()
    {
        await using var cluster = await RaftCluster.Start(2, raft => raft.AddGroup("kv/waiting"));
        var declared = await Declare(cluster, 0, "kv/waiting", 3);
        Assert.Equal("3 silos, for as many members; running are Silo_0, Silo_1", declared.WaitsFor);
        Assert.Empty(await cluster.Status(cluster.Group("kv/waiting")));

        await cluster.Restart(2);
        await Complete(cluster, "kv/waiting", 3);
    }

    [Fact]
    public async Task A_silo_that_starts_first_and_holds_no_member_knows_that_the_group_was_founded()
    {
        await using var cluster = await RaftCluster.Start(2, raft => raft.AddGroup("kv/known", members: 1));
        var id = await Complete(cluster, "kv/known", 1);
        var holder = RaftCluster.SiloOf((await cluster.Status(cluster.Group("kv/known"))).Single().Address);
        await Noted(cluster, 1 - holder, "kv/known", id);
        await cluster.Stop(holder);
        await cluster.Stop(1 - holder);
        await cluster.Restart(1 - holder);

        var declared = await Declare(cluster, 1 - holder, "kv/known", 1);
        Assert.Equal(id, declared.Group);
        Assert.StartsWith($"the silos that hold it: it was founded as {id}", declared.WaitsFor, StringComparison.Ordinal);

        await cluster.Restart(holder);
        Assert.Equal(id, await Complete(cluster, "kv/known", 1));
    }

    [Fact]
    public async Task A_group_that_was_deleted_is_not_founded_again()
    {
        await using var cluster = await RaftCluster.Start(1, raft => raft.AddGroup("kv/unwanted", members: 1));
        var id = await Complete(cluster, "kv/unwanted", 1);
        await Noted(cluster, 0, "kv/unwanted", id);
        await cluster.From(0).GetRaftGroup("kv/unwanted").Delete();
        await Wait.For("the node is gone", () => cluster.Status(cluster.Group("kv/unwanted")), nodes => nodes.All(node => node.Group.IsNone || node.State == RaftState.Stopped));
        await cluster.Stop(0);
        await cluster.Restart(0);

        var declared = await Declare(cluster, 0, "kv/unwanted", 1);
        Assert.True(declared.IsDeleted);
        Assert.Equal((id, null), (declared.Group, declared.WaitsFor));
    }

    [Fact]
    public async Task A_founding_that_was_broken_off_is_brought_to_its_end()
    {
        await using var cluster = await RaftCluster.Start(3);
        var (group, id) = (cluster.Group("kv/broken"), new GroupId(Guid.NewGuid()));
        var founder = await group.Node("1@Silo_1", TestContext.Current.CancellationToken);
        await cluster.From(1).GetGrain<IRaftPeer>(founder.GetGrainId()).Found(id, new MemberId(Guid.NewGuid()), null);

        var declared = await Task.WhenAll(cluster.Running.Select(silo => Declare(cluster, silo, "kv/broken", 3)));
        Assert.All(declared, each => Assert.Equal(new DeclaredGroup(id, null), each));
        Assert.Equal(id, await Complete(cluster, "kv/broken", 3));
    }

    private static Task<DeclaredGroup> Declare(RaftCluster cluster, int silo, string group, int members) =>
        cluster.From(silo).GetGrain<IRaftCoordinator>(group).Declare(members);

    /// <summary>The id of the group, once it has so many voters, each on a silo of its own.</summary>
    private static async Task<GroupId> Complete(RaftCluster cluster, string name, int members)
    {
        var nodes = await Wait.For(
            $"{name} has {members} voters that agree",
            () => cluster.Status(cluster.Group(name)),
            nodes => nodes.Count == members && nodes.All(node => node.Members.Count(member => member.IsVoter) == members && node.Leader.Length > 0),
            RaftCluster.Describe);
        Assert.Equal(members, nodes.Select(node => NodeAddress.Parse(node.Address).Silo).Distinct().Count());
        return Assert.Single(nodes.Select(node => node.Group).Distinct());
    }

    private static Task<FoundingNote> Noted(RaftCluster cluster, int silo, string group, GroupId id) => Wait.For(
        $"silo {silo} notes the founding", () => cluster.From(silo).GetGrain<IRaftSilo>(RaftCluster.Silo(silo)).Founded(group), note => note.Group == id);
}
