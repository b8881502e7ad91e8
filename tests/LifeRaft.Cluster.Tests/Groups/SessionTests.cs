using System.Text;
using LifeRaft.Protocol;

namespace LifeRaft.Cluster.Tests;

/// <summary>Sessions on silos that are killed, restarted and forgotten.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task S53_No_command_is_unknown_or_applied_twice_when_the_leader_is_killed_with_many_under_way()
    {
        const int Keys = 20;
        const int Puts = 50;
        await using var cluster = await RaftCluster.Start(3);
        var group = await cluster.Create("kv/exactly");
        var killed = RaftCluster.SiloOf((await cluster.Leader(group)).Address);
        var survivor = cluster.Running.First(silo => silo != killed);
        await using var session = await cluster.From(survivor).GetRaftGroup("kv/exactly").OpenSession();
        session.Timeout = Wait.Patience;
        var store = new KeyValueStore(session);

        var answered = 0;
        var half = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writing = Task.WhenAll(Enumerable.Range(0, Keys).Select(WriteKey));
        await half.Task.WaitAsync(Wait.Patience);
        await cluster.Kill(killed);
        await writing;

        for (var key = 0; key < Keys; key++)
        {
            Assert.Equal(Puts, (await store.Get($"{key}"))!.Version);
        }

        Assert.Equal(Keys * Puts, await store.CountApplied());

        async Task WriteKey(int key)
        {
            // Two at a time for each key, so that the session has many under way.
            for (var i = 0; i < Puts; i += 2)
            {
                await Task.WhenAll(store.Put($"{key}", "x"u8.ToArray()), store.Put($"{key}", "y"u8.ToArray()));
                if (Interlocked.Add(ref answered, 2) >= Keys * Puts / 2)
                {
                    half.TrySetResult();
                }
            }
        }
    }

    [Fact]
    public async Task S53_A_number_is_remembered_across_a_change_of_leader_snapshots_and_the_restart_of_all_silos()
    {
        await using var cluster = await RaftCluster.Start(3, options: options => options.EntriesKeptBehindSnapshot = 0);
        var group = await cluster.Create("kv/remembered");
        var (id, session) = await Open(cluster, group);
        var command = new KeyValueCommand(KeyValueCommandKind.Put, "k", 0, "v"u8.ToArray()).Encode();
        var first = await Send(cluster, group, node => node.SessionCommand(id, session, 1, 1, command));
        await cluster.AllApplied(group, 3);
        foreach (var silo in cluster.Running)
        {
            var node = await cluster.Node(group, silo);
            var snapshot = await node.TakeSnapshot();
            await Wait.For("the log begins behind the command", node.Status, seen => seen.LogBase == snapshot.Index && seen.LogBase > session);
        }

        await cluster.Kill(RaftCluster.SiloOf((await cluster.Leader(group)).Address));
        Assert.Equal(first, await Send(cluster, group, node => node.SessionCommand(id, session, 1, 1, command)));

        foreach (var silo in cluster.Running.ToList())
        {
            await cluster.Kill(silo);
        }

        foreach (var silo in Enumerable.Range(0, 3))
        {
            await cluster.Restart(silo);
        }

        Assert.Equal(first, await Send(cluster, group, node => node.SessionCommand(id, session, 1, 1, command)));
        Assert.Equal(1, await new KeyValueStore(cluster.From(0).GetRaftGroup("kv/remembered")).CountApplied());
        await cluster.AllApplied(group, 3);
        var hashes = await Task.WhenAll(cluster.Running.Select(async silo => (await (await cluster.Node(group, silo)).StateHash()).Hash));
        Assert.Single(hashes.Distinct());
    }

    [Fact]
    public async Task A_session_whose_client_is_gone_expires_and_one_that_is_idle_does_not()
    {
        await using var cluster = await RaftCluster.Start(1, options: options => options.SessionTimeout = TimeSpan.FromSeconds(1));
        var group = await cluster.Create("kv/expiry");
        await using var idle = await group.OpenSession();
        Assert.Equal(TimeSpan.FromSeconds(1), idle.ExpiresAfter);
        var (id, gone) = await Open(cluster, group);
        var entries = (await cluster.Leader(group)).Last;

        // Nothing is sent but what the idle session sends to stay alive. It takes three of its entries, and the gone one lives no longer than four.
        await Wait.For("the idle session has kept itself alive five times", () => cluster.Leader(group), leader => leader.Applied >= entries + 5);
        var command = new KeyValueCommand(KeyValueCommandKind.Put, "k", 0, "lost"u8.ToArray()).Encode();
        var reply = await Send(cluster, group, node => node.SessionCommand(id, gone, 1, 1, command));
        Assert.Equal(SessionOutcome.Expired, SessionReply.Decode(Convert.FromHexString(reply)).Outcome);
        Assert.Equal(1, await new KeyValueStore(idle).Put("k", "v"u8.ToArray()));
    }

    [Fact]
    public async Task A_session_ends_with_its_group_although_another_one_of_that_name_has_the_same_ids()
    {
        await using var cluster = await RaftCluster.Start(1, options: options => options.AllowDestructiveCallsFromClients = true);
        var group = await cluster.Create("kv/anew");
        await using var old = await group.OpenSession();
        Assert.Equal(1, await new KeyValueStore(old).Put("k", "old"u8.ToArray()));
        await group.Delete();
        await Wait.For("the group is gone", () => cluster.Status(group), nodes => nodes.All(node => node.Group.IsNone || node.State == RaftState.Stopped), RaftCluster.Describe);

        var anew = await cluster.Create("kv/anew");
        await using var other = await anew.OpenSession();
        Assert.Equal(old.Id, other.Id);
        await Assert.ThrowsAsync<SessionExpiredException>(() => new KeyValueStore(old).Put("k", "old"u8.ToArray()));
        Assert.Equal(1, await new KeyValueStore(other).Put("k", "new"u8.ToArray()));
    }

    [Fact]
    public async Task The_largest_command_may_be_sent_in_a_session_and_a_larger_one_is_refused()
    {
        await using var cluster = await RaftCluster.Start(1, options: options => options.MaximumCommandBytes = 1000);
        var group = await cluster.Create("kv/large");
        await using var session = await group.OpenSession();
        var largest = new KeyValueCommand(KeyValueCommandKind.Put, "k", 0, new byte[996]).Encode();
        Assert.Equal(1000, largest.Length);
        await session.Command(largest);
        await Assert.ThrowsAsync<InvalidRequestException>(() => session.Command(new byte[1001]));
        Assert.Equal(2, await new KeyValueStore(session).Put("k", "v"u8.ToArray()));
    }

    /// <summary>A session without a client that would keep it alive.</summary>
    private static async Task<(GroupId Group, LogIndex Session)> Open(RaftCluster cluster, RaftGroup group)
    {
        Reply? opened = null;
        var reply = await Send(cluster, group, async node => opened = await node.OpenSession());
        return (opened!.Group, OpenedSession.Decode(SessionReply.Decode(Convert.FromHexString(reply)).Body.Span).Session);
    }

    /// <summary>Asks whoever leads until it is done.</summary>
    private static async Task<string> Send(RaftCluster cluster, RaftGroup group, Func<IRaftRequests, ValueTask<Reply>> request)
    {
        var done = await Wait.For(
            "the leader has answered",
            async () =>
            {
                var leader = await cluster.Leader(group);
                var node = await cluster.Node(group, RaftCluster.SiloOf(leader.Address));
                return await request(node.AsReference<IRaftRequests>());
            },
            reply => reply.Outcome == Outcome.Done,
            reply => $"{reply.Outcome} {reply.Error}");
        return Convert.ToHexString(done.Result.Span);
    }
}
