namespace LifeRaft.TestingHost.Tests;

/// <summary>The machines that come with LifeRaft are deterministic, under what their own clients send.</summary>
public sealed class OwnMachinesTests
{
    [Fact]
    public async Task The_key_value_machine_passes()
    {
        var log = new Recorder(new KeyValueMachine());
        var store = new KeyValueStore(log);
        await store.Put("b", "1"u8.ToArray());
        await store.Put("a", "2"u8.ToArray());
        await store.CompareAndSwap("a", 1, "3"u8.ToArray());
        await store.CompareAndSwap("a", 1, "4"u8.ToArray());
        await using (var lease = await store.GrantLease(TimeSpan.FromSeconds(10)))
        {
            await store.Put("leased", "5"u8.ToArray(), lease);
            await store.Delete("b");
            await store.Transact(
                [KeyValueCondition.Present("a")], [KeyValueOperation.Put("c", "6"u8.ToArray()), KeyValueOperation.Delete("a")], [KeyValueOperation.Get("a")]);
        }

        await store.GrantLease(TimeSpan.FromSeconds(1));
        await store.Get("a");
        await store.Range(KeyValueRange.All);
        await store.CountApplied();
        await using (var watch = store.Watch(KeyValueRange.All, fromRevision: 1).GetAsyncEnumerator(TestContext.Current.CancellationToken))
        {
            Assert.True(await watch.MoveNextAsync());
        }

        Assert.True(log.Commands.Count >= 10);
        DeterminismTest.Run(() => new KeyValueMachine(), log.Commands, log.Queries);
    }

    [Fact]
    public async Task The_lock_machine_passes()
    {
        var log = new Recorder(new LockMachine());
        await using (var locks = new RaftLocks(log))
        {
            await using var held = await locks.Acquire("a", new LockOptions { TimeToLive = TimeSpan.FromSeconds(5), Value = "me"u8.ToArray() });
            Assert.Null(await locks.TryAcquire("a", TimeSpan.Zero));
            await using var reader = await locks.Acquire("b", new LockOptions { Kind = LockKind.Shared });
            await using var upgradeable = await locks.Acquire("b", new LockOptions { Kind = LockKind.Upgradeable });
            await reader.DisposeAsync();
            await upgradeable.Upgrade(TestContext.Current.CancellationToken);
            await using var one = await locks.Acquire("c", new LockOptions { Kind = LockKind.Semaphore(2) });
            await locks.Look("a");
            await locks.List().ToListAsync(TestContext.Current.CancellationToken);
        }

        Assert.True(log.Commands.Count >= 8);
        DeterminismTest.Run(() => new LockMachine(), log.Commands, log.Queries);
    }

    /// <summary>Remembers what was sent to a machine.</summary>
    private sealed class Recorder(IStateMachine machine) : IRaftCommands
    {
        private readonly Lock _lock = new();
        private readonly List<ReadOnlyMemory<byte>> _commands = [];
        private readonly List<ReadOnlyMemory<byte>> _queries = [];

        public IReadOnlyList<ReadOnlyMemory<byte>> Commands
        {
            get
            {
                lock (_lock)
                {
                    return [.. _commands];
                }
            }
        }

        public IReadOnlyList<ReadOnlyMemory<byte>> Queries
        {
            get
            {
                lock (_lock)
                {
                    return [.. _queries];
                }
            }
        }

        public Task<ReadOnlyMemory<byte>> Command(ReadOnlyMemory<byte> command, CancellationToken cancellationToken = default)
        {
            lock (_lock)
            {
                _commands.Add(command.ToArray());
                return Task.FromResult(machine.Apply(new CommandContext(new(_commands.Count), new(1), DateTimeOffset.UnixEpoch), command));
            }
        }

        public Task<ReadOnlyMemory<byte>> Query(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default)
        {
            lock (_lock)
            {
                _queries.Add(query.ToArray());
                return Task.FromResult(machine.Query(query));
            }
        }

        public Task<ReadOnlyMemory<byte>> Await(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default)
        {
            lock (_lock)
            {
                _queries.Add(query.ToArray());
                return ((IWaitingStateMachine)machine).TryAnswer(query, out var answer)
                    ? Task.FromResult(answer)
                    : throw new InvalidOperationException("Nothing here keeps anybody waiting.");
            }
        }
    }
}
