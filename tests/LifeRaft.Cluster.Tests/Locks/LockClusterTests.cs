using System.Diagnostics;

namespace LifeRaft.Cluster.Tests.Locks;

/// <summary>Locks and elections on silos that are killed and restarted.</summary>
public sealed class LockClusterTests
{
    private static readonly LockOptions _brief = new() { TimeToLive = TimeSpan.FromSeconds(2) };

    [Fact]
    public async Task A_lock_is_free_again_after_its_holder_has_vanished()
    {
        await using var cluster = await Start();
        var group = await cluster.Create("locks/vanished");
        await using var locks = new RaftLocks(group);
        var vanishing = new SeveredCommands(group);
        var dead = await new RaftLocks(vanishing).Acquire("nightly", _brief);
        vanishing.IsSevered = true;

        var watch = Stopwatch.StartNew();
        await using var next = await locks.Acquire("nightly");
        TestContext.Current.TestOutputHelper?.WriteLine($"The next holder had the lock {watch.ElapsedMilliseconds} ms after the last word of the one before, whose time to live was {_brief.TimeToLive.TotalMilliseconds} ms.");
        Assert.False(dead.IsHeld);
        Assert.True(dead.Lost.IsCancellationRequested);
        Assert.True(next.FencingToken > dead.FencingToken);
    }

    [Fact]
    public async Task A_lock_is_free_again_after_its_holder_and_the_leader_have_vanished_together()
    {
        await using var cluster = await Start();
        var group = await cluster.Create("locks/both");
        var killed = RaftCluster.SiloOf((await cluster.Leader(group)).Address);
        var survivor = cluster.From(cluster.Running.First(silo => silo != killed)).GetRaftGroup("locks/both");
        var vanishing = new SeveredCommands(survivor);
        var dead = await new RaftLocks(vanishing).Acquire("nightly", _brief);
        await using var locks = new RaftLocks(survivor);
        var next = locks.Acquire("nightly");
        await Wait.For("the next one waits", () => locks.Look("nightly"), state => state is { WaiterCount: 1 });

        vanishing.IsSevered = true;
        var watch = Stopwatch.StartNew();
        await cluster.Kill(killed);
        await using var handle = await next;
        TestContext.Current.TestOutputHelper?.WriteLine($"The next holder had the lock {watch.ElapsedMilliseconds} ms after holder and leader vanished; the time to live was {_brief.TimeToLive.TotalMilliseconds} ms, and the kill itself takes its time in one process.");
        Assert.False(dead.IsHeld);
        Assert.True(handle.FencingToken > dead.FencingToken);
    }

    [Fact]
    public async Task A_waiter_gets_the_lock_and_its_holder_keeps_it_across_the_loss_of_the_leader()
    {
        await using var cluster = await Start();
        var group = await cluster.Create("locks/failover");
        var leader = await cluster.Leader(group);
        var killed = RaftCluster.SiloOf(leader.Address);
        var survivor = cluster.From(cluster.Running.First(silo => silo != killed));
        await using var locks = survivor.GetRaftLocks("locks/failover");
        var handle = await locks.Acquire("nightly", new LockOptions { TimeToLive = TimeSpan.FromSeconds(10) });
        var waiting = locks.Acquire("nightly");
        await Wait.For("the second request waits", () => locks.Look("nightly"), state => state is { WaiterCount: 1 });

        await cluster.Kill(killed);
        await cluster.Leader(group);
        Assert.True(handle.IsHeld);
        Assert.False(waiting.IsCompleted);
        await handle.DisposeAsync();
        await using var next = await waiting;
        Assert.True(next.IsHeld);
        Assert.True(next.FencingToken > handle.FencingToken);
    }

    [Fact]
    public async Task Tokens_rise_across_the_loss_of_leaders_and_a_restart_of_all_silos()
    {
        await using var cluster = await Start();
        var group = await cluster.Create("locks/tokens");
        var tokens = new List<FencingToken>();
        for (var round = 0; round < 3; round++)
        {
            await using (var locks = cluster.From(cluster.Running.First()).GetRaftLocks("locks/tokens"))
            {
                await using var handle = await locks.Acquire("nightly", _brief);
                tokens.Add(handle.FencingToken);
                await using var beside = await locks.Acquire("other", _brief);
            }

            var killed = RaftCluster.SiloOf((await cluster.Leader(group)).Address);
            await cluster.Kill(killed);
            await cluster.Leader(group);
            await cluster.Restart(killed);
        }

        foreach (var silo in cluster.Running.ToList())
        {
            await cluster.Kill(silo);
        }

        foreach (var silo in Enumerable.Range(0, 3))
        {
            await cluster.Restart(silo);
        }

        await using var again = cluster.From(0).GetRaftLocks("locks/tokens");
        await using var last = await Wait.For("the lock is to be had again", () => Patiently(again), handle => handle is not null);
        tokens.Add(last!.FencingToken);
        Assert.Equal(tokens.Order().Distinct(), tokens);
    }

    [Fact]
    public async Task An_election_moves_when_its_leader_is_cut_off_and_observers_see_it()
    {
        await using var cluster = await Start();
        var group = await cluster.Create("locks/election");
        await using var locks = new RaftLocks(group);
        var vanishing = new SeveredCommands(group);
        await using var others = new RaftLocks(vanishing);
        var first = await new LeaderElection(others, "scheduler", _brief.TimeToLive).Campaign("host-a");
        var election = new LeaderElection(locks, "scheduler", _brief.TimeToLive);
        await using var seen = election.Observe(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        await seen.MoveNextAsync();
        Assert.Equal(new ElectionLeader("host-a", first.FencingToken), seen.Current);

        var wasCancelledFirst = new TaskCompletionSource<bool>();
        var campaign = election.Campaign("host-b");
        first.Lost.Register(() => wasCancelledFirst.TrySetResult(!campaign.IsCompleted));
        vanishing.IsSevered = true;
        await using var second = await campaign;
        Assert.True(await wasCancelledFirst.Task);
        Assert.False(first.IsLeader);
        Assert.True(second.FencingToken > first.FencingToken);
        do
        {
            await seen.MoveNextAsync();
        }
        while (seen.Current?.Candidate != "host-b");
        Assert.Equal(second.FencingToken, seen.Current.Token);
        vanishing.IsSevered = false;
    }

    private static async Task<LockHandle?> Patiently(RaftLocks locks)
    {
        try
        {
            return await locks.TryAcquire("nightly", TimeSpan.FromSeconds(5), _brief);
        }
        catch (RaftException)
        {
            return null;
        }
    }

    private static Task<RaftCluster> Start() => RaftCluster.Start(3, raft => raft.AddStateMachine<LockMachine>("locks"));
}
