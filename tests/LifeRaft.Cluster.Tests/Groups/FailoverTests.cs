using System.Diagnostics;
using LifeRaft.Protocol;

namespace LifeRaft.Cluster.Tests;

/// <summary>Silos are killed, stopped and restarted.</summary>
public sealed class FailoverTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public async Task A_new_leader_is_elected_after_the_leaders_silo_is_killed_and_it_comes_back_with_its_log(int silos)
    {
        await using var cluster = await RaftCluster.Start(silos);
        var group = await cluster.Create("kv/failover");
        var store = new KeyValueStore(group);
        await store.Put("before", "1"u8.ToArray());
        var leader = await cluster.Leader(group);
        var killed = RaftCluster.SiloOf(leader.Address);
        var survivor = new KeyValueStore(cluster.From(cluster.Running.First(silo => silo != killed)).GetRaftGroup("kv/failover"));
        Assert.Equal("1"u8.ToArray(), (await survivor.Get("before"))!.Value.ToArray());

        var watch = Stopwatch.StartNew();
        await cluster.Kill(killed);
        var next = await cluster.Leader(group);
        TestContext.Current.TestOutputHelper?.WriteLine($"{silos} silos: a new leader was seen {watch.ElapsedMilliseconds} ms after the kill (election max is 300 ms; the kill itself takes its time in one process).");
        Assert.NotEqual(leader.Address, next.Address);
        Assert.True(next.Term > leader.Term);
        await Surely(() => survivor.Put("after", "2"u8.ToArray()));

        await cluster.Restart(killed);
        var all = await cluster.AllApplied(group, silos);
        var back = all.Single(node => node.Address == leader.Address);
        Assert.Equal(leader.Member, back.Member);
        Assert.Equal(leader.Group, back.Group);
        await AssertSameState(cluster, group);
    }

    [Fact]
    public async Task A_minority_cannot_commit_and_what_it_was_asked_is_reported_as_unknown_or_refused()
    {
        await using var cluster = await RaftCluster.Start(3);
        var group = await cluster.Create("kv/minority");
        var leader = await cluster.Leader(group);
        var rest = RaftCluster.SiloOf(leader.Address);
        foreach (var silo in cluster.Running.Where(silo => silo != rest).ToList())
        {
            await cluster.Kill(silo);
        }

        var alone = cluster.From(rest).GetRaftGroup("kv/minority");
        alone.Timeout = TimeSpan.FromSeconds(2);
        var committed = (await cluster.Status(group)).Single().Commit;
        var failure = await Assert.ThrowsAnyAsync<RaftException>(() => new KeyValueStore(alone).Put("lost", "1"u8.ToArray()));
        Assert.True(failure is OutcomeUnknownException or GroupUnavailableException, failure.ToString());
        await Assert.ThrowsAsync<GroupUnavailableException>(() => new KeyValueStore(alone).Get("lost"));
        var status = (await cluster.Status(group)).Single();
        Assert.Equal(committed, status.Commit);
        Assert.NotEqual(RaftState.Leader, status.State);

        foreach (var silo in Enumerable.Range(0, 3).Except([rest]))
        {
            await cluster.Restart(silo);
        }

        await cluster.Leader(group);
        await Surely(() => new KeyValueStore(alone).Put("kept", "1"u8.ToArray()));
    }

    [Fact]
    public async Task A_command_that_was_proposed_when_leadership_was_lost_is_reported_as_unknown()
    {
        await using var cluster = await RaftCluster.Start(3);
        var group = await cluster.Create("kv/unknown");
        var leader = await cluster.Leader(group);
        var rest = RaftCluster.SiloOf(leader.Address);
        foreach (var silo in cluster.Running.Where(silo => silo != rest).ToList())
        {
            await cluster.Kill(silo);
        }

        // Straight to the leader, before it notices that nobody answers.
        var node = await cluster.Node(group, rest);
        var failure = await Assert.ThrowsAnyAsync<RaftException>(() => node.Command("\u0001"u8.ToArray(), forward: false));
        Assert.True(failure is OutcomeUnknownException or NotLeaderException, failure.ToString());
    }

    [Fact]
    public async Task Commands_reach_the_leader_from_every_silo_and_an_error_names_it_where_forwarding_is_forbidden()
    {
        await using var cluster = await RaftCluster.Start(3);
        var group = await cluster.Create("kv/routing");
        var leader = await cluster.Leader(group);
        foreach (var silo in cluster.Running)
        {
            await new KeyValueStore(cluster.From(silo).GetRaftGroup("kv/routing")).Put($"from-{silo}", "1"u8.ToArray());
        }

        var follower = await cluster.Node(group, cluster.Running.First(silo => silo != RaftCluster.SiloOf(leader.Address)));
        var failure = await Assert.ThrowsAsync<NotLeaderException>(() => follower.Command("x"u8.ToArray(), forward: false));
        Assert.Equal(leader.Address, failure.Leader);
        Assert.Contains(leader.Address, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_silo_leaves_the_cluster_and_not_the_group()
    {
        await using var cluster = await RaftCluster.Start(3);
        var group = await cluster.Create("kv/stop");
        var leader = await cluster.Leader(group);
        await cluster.Stop(RaftCluster.SiloOf(leader.Address));
        var next = await cluster.Leader(group);
        Assert.Contains(next.Members, member => member.Address == leader.Address);
        await cluster.Restart(RaftCluster.SiloOf(leader.Address));
        await cluster.AllApplied(group, 3);
    }

    [Fact]
    public async Task Each_entry_is_applied_once_after_a_restart()
    {
        await using var cluster = await RaftCluster.Start(1);
        var group = await cluster.Create("kv/restart");
        var store = new KeyValueStore(group);
        for (var i = 0; i < 10; i++)
        {
            await store.Put("counted", new[] { (byte)i });
        }

        await cluster.Kill(0);
        await cluster.Restart(0);
        var again = new KeyValueStore(cluster.From(0).GetRaftGroup("kv/restart"));
        var entry = await Wait.For("the store answers again", () => again.Get("counted"), found => found is not null);
        Assert.Equal(10, entry!.Version);
        Assert.Equal(10, await again.CountApplied());
    }

    /// <summary>Repeats what may happen twice until it is known to have happened.</summary>
    internal static async Task Surely(Func<Task> idempotent) => await Wait.For(
        "a write is acknowledged",
        async () =>
        {
            await idempotent();
            return true;
        },
        done => done);

    private static async Task AssertSameState(RaftCluster cluster, RaftGroup group)
    {
        var hashes = await Wait.For(
            "all nodes have applied the same",
            async () => await Task.WhenAll(cluster.Running.Select(async silo => await (await cluster.Node(group, silo)).StateHash())),
            hashes => hashes.Select(hash => hash.Index).Distinct().Count() == 1);
        Assert.Single(hashes.Select(hash => hash.Hash).Distinct());
    }
}
