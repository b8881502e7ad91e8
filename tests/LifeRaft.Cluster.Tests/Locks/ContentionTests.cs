using System.Collections.Concurrent;

namespace LifeRaft.Cluster.Tests.Locks;

/// <summary>Many who want the same lock on three silos, some of which are killed; what the lock protects judges them.</summary>
public sealed class ContentionTests
{
    private static readonly LockOptions _brief = new() { TimeToLive = TimeSpan.FromSeconds(2) };

    [Fact]
    public async Task Nobody_enters_beside_an_exclusive_holder_and_tokens_rise_while_leaders_are_killed()
    {
        await using var cluster = await Start();
        var group = await cluster.Create("locks/contended");
        var room = new Room();
        using var enough = new CancellationTokenSource();
        var contenders = Enumerable.Range(0, 6).Select(_ => Contend(group, room, _brief, enough.Token)).ToList();

        for (var round = 0; round < 2; round++)
        {
            var seen = room.Tokens.Count;
            await Wait.For("the lock goes on", () => Task.FromResult(room.Tokens.Count), count => count > seen + 20);
            var killed = RaftCluster.SiloOf((await cluster.Leader(group)).Address);
            await cluster.Kill(killed);
            seen = room.Tokens.Count;
            await Wait.For("the lock goes on without the leader of before", () => Task.FromResult(room.Tokens.Count), count => count > seen + 20);
            var last = (await cluster.Leader(group)).Applied;
            await cluster.Restart(killed);
            await Wait.For("the restarted silo has caught up", () => cluster.Status(group), nodes => nodes.Count == 3 && nodes.All(node => node.Applied > last), RaftCluster.Describe);
        }

        await enough.CancelAsync();
        await Task.WhenAll(contenders);
        var tokens = room.Tokens.ToList();
        TestContext.Current.TestOutputHelper?.WriteLine($"{tokens.Count} holders, one after the other, while two leaders were killed.");
        Assert.Equal(1, room.Most);
        Assert.Equal(tokens.Distinct().Order(), tokens);
        await using var locks = new RaftLocks(group);
        await Wait.For("nobody is left in the queue", () => locks.Look("room"), state => state is null);
    }

    [Fact]
    public async Task A_semaphore_of_three_admits_three()
    {
        await using var cluster = await Start();
        var group = await cluster.Create("locks/semaphore");
        var room = new Room();
        using var enough = new CancellationTokenSource();
        var contenders = Enumerable.Range(0, 7).Select(_ => Contend(group, room, _brief with { Kind = LockKind.Semaphore(3) }, enough.Token)).ToList();
        await Wait.For("permits go round", () => Task.FromResult(room.Tokens.Count), count => count > 60);
        await enough.CancelAsync();
        await Task.WhenAll(contenders);
        Assert.Equal(3, room.Most);
    }

    [Fact]
    public async Task Writers_are_alone_and_readers_are_not()
    {
        await using var cluster = await Start();
        var group = await cluster.Create("locks/readers");
        var (readers, writers) = (new Room(), new Room());
        using var enough = new CancellationTokenSource();
        var contenders = Enumerable.Range(0, 4).Select(_ => Contend(group, readers, _brief with { Kind = LockKind.Shared }, enough.Token, writers))
            .Concat(Enumerable.Range(0, 2).Select(_ => Contend(group, writers, _brief, enough.Token, readers))).ToList();
        await Wait.For("readers and writers take turns", () => Task.FromResult((Readers: readers.Tokens.Count, Writers: writers.Tokens.Count)), count => count.Readers > 40 && count.Writers > 20);
        await enough.CancelAsync();
        await Task.WhenAll(contenders);
        Assert.True(readers.Most > 1);
        Assert.Equal(1, writers.Most);
        Assert.Equal(0, readers.MostBeside + writers.MostBeside);
        Assert.Equal(writers.Tokens.Distinct().Order(), writers.Tokens);
    }

    /// <summary>Enters the room again and again, each time with the lock.</summary>
    private static async Task Contend(RaftGroup group, Room room, LockOptions options, CancellationToken enough, Room? beside = null)
    {
        await using var locks = new RaftLocks(group);
        while (!enough.IsCancellationRequested)
        {
            try
            {
                await using var handle = await locks.Acquire("room", options, enough);
                using (room.Enter(handle.FencingToken, beside))
                {
                    await locks.Look("room", enough);
                    Assert.True(handle.IsHeld);
                }
            }
            catch (Exception failure) when (failure is OperationCanceledException or GroupUnavailableException)
            {
                // Enough, or the group was away for too long.
            }
        }
    }

    private static Task<RaftCluster> Start() => RaftCluster.Start(3, raft => raft.AddStateMachine<LockMachine>("locks"));

    /// <summary>What the lock protects: it counts who is in it at once.</summary>
    private sealed class Room
    {
        private readonly Lock _lock = new();
        private volatile int _inside;

        /// <summary>Of those who entered, in the order of their entering.</summary>
        public ConcurrentQueue<FencingToken> Tokens { get; } = [];

        public int Most { get; private set; }

        /// <summary>How many were in the other room when somebody entered this one.</summary>
        public int MostBeside { get; private set; }

        public IDisposable Enter(FencingToken token, Room? beside)
        {
            lock (_lock)
            {
                Tokens.Enqueue(token);
                Most = Math.Max(Most, ++_inside);
                MostBeside = Math.Max(MostBeside, beside?._inside ?? 0);
            }

            return new Exit(this);
        }

        private sealed class Exit(Room room) : IDisposable
        {
            public void Dispose()
            {
                lock (room._lock)
                {
                    room._inside--;
                }
            }
        }
    }
}
