using LifeRaft.DistributedLock;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.Placement;

namespace LifeRaft.Cluster.Tests.Locks;

/// <summary>The package's blocking calls, from grains: of the silo that leads the group of the locks, and of one that does not.</summary>
public sealed class BlockingCallTests(BlockingCallTests.Silos silos) : IClassFixture<BlockingCallTests.Silos>
{
    private const string Group = "locks/blocking";

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task A_grain_blocks_for_what_grains_beside_it_hold_and_gets_it(bool isOnLeader, bool isOnTasks)
    {
        var silo = await SiloThat(leads: isOnLeader);
        var name = $"nightly-{isOnLeader}-{isOnTasks}";
        var (first, second, blocking) = (await Grain(silo, $"{name}-1"), await Grain(silo, $"{name}-2"), await Grain(silo, $"{name}-3"));
        var tokens = new List<FencingToken> { await first.Hold(name) };

        var blocked = isOnTasks ? blocking.BlockTwiceOnTasks(name) : blocking.BlockTwice(name);
        await Waiters(name, 1);
        var next = second.Hold(name);
        await Waiters(name, 2);
        await first.Release();
        tokens.Add(await next.WaitAsync(Wait.Patience));
        await Waiters(name, 1);
        Assert.False(blocked.IsCompleted);
        await second.Release();

        tokens.InsertRange(1, [(await blocked.WaitAsync(Wait.Patience))[0]]);
        tokens.Add((await blocked)[1]);
        Assert.Equal(tokens.Distinct().Order(), tokens);
        Assert.Null(await silos.Locks.Look(name));
    }

    [Fact]
    public async Task Grains_that_block_together_do_not_use_up_the_threads_that_free_them()
    {
        const string Name = "crowd";
        var silo = await SiloThat(leads: true);
        var holder = await Grain(silo, "crowd-holder");
        await holder.Hold(Name);
        var crowd = new List<Task<List<FencingToken>>>();
        for (var i = 0; i < 8; i++)
        {
            crowd.Add((await Grain(silo, $"crowd-{i}")).BlockTwice(Name));
        }

        await Waiters(Name, crowd.Count);
        await holder.Release();
        var tokens = (await Task.WhenAll(crowd).WaitAsync(Wait.Patience)).SelectMany(each => each).ToList();
        Assert.Equal(16, tokens.Distinct().Count());
    }

    [Fact]
    public async Task A_grain_blocks_for_a_read_lock_an_upgrade_and_a_permit()
    {
        var grain = await Grain(await SiloThat(leads: true), "kinds");
        Assert.True(await grain.BlockOnEachKind("kinds").WaitAsync(Wait.Patience));
        Assert.True(await grain.BlockOnEachKind("kinds").WaitAsync(Wait.Patience));
        Assert.Null(await silos.Locks.Look("kinds"));
    }

    private async Task<int> SiloThat(bool leads)
    {
        var leader = RaftCluster.SiloOf((await silos.Cluster.Leader(silos.Cluster.Group(Group))).Address);
        return silos.Cluster.Running.First(silo => (silo == leader) == leads);
    }

    private async Task<ILockingGrain> Grain(int silo, string key)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silos.Cluster.Services(silo).GetRequiredService<ILocalSiloDetails>().SiloAddress);
        try
        {
            var grain = silos.Cluster.Client.GetGrain<ILockingGrain>(key);
            Assert.Equal(RaftCluster.Silo(silo), await grain.SiloName());
            return grain;
        }
        finally
        {
            RequestContext.Clear();
        }
    }

    private async Task Waiters(string name, int count) =>
        await Wait.For($"{count} wait for '{name}'", () => silos.Locks.Look(name), state => state is { HolderCount: 1 } && state.WaiterCount == count);

    /// <summary>Three silos whose grains lock in one group.</summary>
    public sealed class Silos : IAsyncLifetime
    {
        internal RaftCluster Cluster { get; private set; } = null!;

        internal RaftLocks Locks { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Cluster = await RaftCluster.Start(3, raft => raft.AddStateMachine<LockMachine>("locks").Services.AddRaftDistributedLocks(Group));
            Locks = new RaftLocks(await Cluster.Create(Group));
        }

        public async ValueTask DisposeAsync()
        {
            await Locks.DisposeAsync();
            await Cluster.DisposeAsync();
        }
    }
}
