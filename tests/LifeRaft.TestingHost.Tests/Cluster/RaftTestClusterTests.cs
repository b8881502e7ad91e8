using System.Diagnostics;

namespace LifeRaft.TestingHost.Tests;

/// <summary>What a user's test does with silos: lose them, cut them off, let time pass.</summary>
public sealed class RaftTestClusterTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_group_goes_on_without_the_silo_that_was_killed_and_with_it_when_it_is_back()
    {
        await using var cluster = await Start();
        var stock = await cluster.Create<Stock>("main");
        await stock.Command(new Take("apple", 1, TimeSpan.FromDays(1)));
        var killed = RaftTestCluster.SiloOf((await cluster.WaitForLeader(stock.Group)).Address);
        await cluster.Kill(killed);
        Assert.Equal(2, cluster.Silos.Count);
        Assert.NotEqual(killed, RaftTestCluster.SiloOf((await cluster.WaitForLeader(stock.Group)).Address));
        var left = cluster.ClientAt(cluster.Silos[0]).GetRaft<Stock>("main");
        await left.Command(new Take("apple", 2, TimeSpan.FromDays(1)));

        await cluster.Restart(killed);
        Assert.Equal(3, (await cluster.WaitForAllApplied(stock.Group)).Count);
        Assert.Equal(7, await cluster.ClientAt(killed).GetRaft<Stock>("main").Query(new Left("apple")));
        await cluster.RequireEqualStates(stock.Group);
    }

    [Fact]
    public async Task A_silo_that_is_stopped_hands_over_and_finds_its_log_again()
    {
        await using var cluster = await Start();
        var stock = await cluster.Create<Stock>("main");
        var leader = await cluster.WaitForLeader(stock.Group);
        var stopped = RaftTestCluster.SiloOf(leader.Address);
        await cluster.Stop(stopped);
        await cluster.WaitForLeader(stock.Group);
        await cluster.Restart(stopped);
        var member = (await cluster.WaitForAllApplied(stock.Group)).Single(node => node.Address == leader.Address);
        Assert.Equal(leader.Member, member.Member);
    }

    [Fact]
    public async Task A_leader_that_is_cut_off_is_replaced_and_nobody_on_its_side_gets_anything_done()
    {
        await using var cluster = await Start();
        var stock = await cluster.Create<Stock>("main");
        var alone = RaftTestCluster.SiloOf((await cluster.WaitForLeader(stock.Group)).Address);
        cluster.Partition(alone);
        var leader = await cluster.WaitForLeader(stock.Group);
        Assert.NotEqual(alone, RaftTestCluster.SiloOf(leader.Address));

        var cutOff = cluster.ClientAt(alone).GetRaft<Stock>("main");
        cutOff.Group.Timeout = TimeSpan.FromMilliseconds(500);
        await Assert.ThrowsAsync<GroupUnavailableException>(() => cutOff.Query(new Left("apple")));
        await cluster.ClientAt(RaftTestCluster.SiloOf(leader.Address)).GetRaft<Stock>("main").Command(new Take("apple", 1, TimeSpan.FromDays(1)));

        cluster.Heal();
        cutOff.Group.Timeout = cluster.Patience;
        Assert.Equal(9, await cutOff.Query(new Left("apple")));
        await cluster.RequireEqualStates(stock.Group);
    }

    [Fact]
    public async Task A_command_of_unknown_outcome_is_repeated_in_its_session_and_applied_once()
    {
        await using var cluster = await Start();
        await cluster.Create<Stock>("main");
        var alone = RaftTestCluster.SiloOf((await cluster.WaitForLeader(cluster.Client.GetRaftGroup("stock/main"))).Address);
        await using var session = await cluster.ClientAt(alone).GetRaft<Stock>("main").OpenSession();
        session.Session.Timeout = TimeSpan.FromSeconds(1);
        var command = new Take("apple", 3, TimeSpan.FromDays(1));
        cluster.Partition(alone);
        var unknown = await Assert.ThrowsAsync<OutcomeUnknownException>(() => session.Command(command));
        cluster.Heal();
        session.Session.Timeout = cluster.Patience;
        Assert.Equal(3, (await session.Repeat(unknown.Pending!, command)).Count);
        Assert.Equal(7, await session.Query(new Left("apple")));
    }

    [Fact]
    public async Task Time_passes_many_times_faster_than_it_does()
    {
        await using var cluster = await Start();
        var stock = await cluster.Create<Stock>("main");
        await using var session = await stock.OpenSession();
        await session.Command(new Take("apple", 1, TimeSpan.FromSeconds(90)));
        var (before, watch) = (cluster.Time.GetUtcNow(), Stopwatch.StartNew());
        await cluster.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(9, await stock.Query(new Left("apple")));
        await cluster.Advance(TimeSpan.FromSeconds(31));
        var took = watch.Elapsed;
        Assert.Equal(10, await stock.Query(new Left("apple")));
        Assert.True(cluster.Time.GetUtcNow() - before >= TimeSpan.FromSeconds(91));
        output.WriteLine($"91 s have passed in {took.TotalSeconds:0.00} s.");
    }

    [Fact]
    public async Task A_lock_whose_holder_is_not_heard_of_is_free_when_its_time_has_passed()
    {
        await using var cluster = await RaftTestCluster.Start(3, raft => raft.AddStateMachine<LockMachine>("locks"));
        var group = await cluster.Create("locks/main");
        await using var holder = new RaftLocks(group);
        await using var other = new RaftLocks(cluster.Client.GetRaftGroup("locks/main"));
        var options = new LockOptions { TimeToLive = TimeSpan.FromMinutes(5) };
        var held = await holder.Acquire("a", options);
        Assert.Null(await other.TryAcquire("a", TimeSpan.Zero, options));
        await cluster.Advance(TimeSpan.FromMinutes(4));
        Assert.Null(await other.TryAcquire("a", TimeSpan.Zero, options));
        await cluster.Advance(TimeSpan.FromMinutes(2));
        var next = await other.TryAcquire("a", TimeSpan.Zero, options);
        Assert.True(next!.FencingToken > held.FencingToken);
    }

    [Fact]
    public async Task Members_whose_states_differ_are_found()
    {
        await using var cluster = await RaftTestCluster.Start(3, raft => raft.AddStateMachine<Unsound>());
        var unsound = await cluster.Create<Unsound>("main");
        await unsound.Command(new Do("nothing"));
        await cluster.RequireEqualStates(unsound.Group);
        await unsound.Command(new Do("id"));
        Assert.Contains("unsound/main have different states at index", (await Assert.ThrowsAsync<NotDeterministicException>(() => cluster.RequireEqualStates(unsound.Group))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_input_is_named()
    {
        await Refused(() => RaftTestCluster.Start(0), "1 to 9 silos, not 0");
        await using var cluster = await RaftTestCluster.Start(1, raft => raft.AddStateMachine<Stock>());
        await Refused(() => cluster.Kill("Silo_7"), "Silo_7 does not run. Those that do are Silo_0");
        await Refused(() => cluster.Stop("silo-a"), "'silo-a' is no silo of a test cluster");
        await Refused(() => cluster.Restart("Silo_0"), "it runs");
        await Refused(() => cluster.Restart("Silo_7"), "it is none of this cluster");
        await Refused(() => cluster.Advance(TimeSpan.Zero), "cannot be added");
        Assert.Throws<InvalidRequestException>(() => cluster.Partition("Silo_7"));
        cluster.Patience = TimeSpan.FromMilliseconds(1);
        Assert.Contains("a majority of stock/none follows a leader: not so within", (await Assert.ThrowsAsync<TimeoutException>(() => cluster.WaitForLeader(cluster.Client.GetRaftGroup("stock/none")))).Message, StringComparison.Ordinal);
    }

    private static Task<RaftTestCluster> Start() => RaftTestCluster.Start(3, raft => raft.AddStateMachine<Stock>());

    private static async Task Refused(Func<Task> act, string because) =>
        Assert.Contains(because, (await Assert.ThrowsAsync<InvalidRequestException>(act)).Message, StringComparison.Ordinal);
}
