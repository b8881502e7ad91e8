using LifeRaft.DistributedLock;
using Medallion.Threading;
using Orleans.Placement;

namespace LifeRaft.Cluster.Tests.Locks;

/// <summary>A grain that locks, by the package's interfaces. Its turns do not interleave: while it blocks, it does nothing else.</summary>
internal interface ILockingGrain : IGrainWithStringKey
{
    /// <summary>Acquires the lock and keeps it after the call.</summary>
    Task<FencingToken> Hold(string name);

    Task Release();

    /// <summary>Acquires and releases the lock twice, by calls that block its only thread.</summary>
    Task<List<FencingToken>> BlockTwice(string name);

    /// <summary>Does the same by blocking until asynchronous calls are done.</summary>
    Task<List<FencingToken>> BlockTwiceOnTasks(string name);

    /// <summary>Reads, becomes the writer and takes a permit, all of it by calls that block.</summary>
    Task<bool> BlockOnEachKind(string name);

    Task<string> SiloName();
}

[RandomPlacement]
internal sealed class LockingGrain(
    IDistributedLockProvider locks,
    IDistributedUpgradeableReaderWriterLockProvider readerWriterLocks,
    IDistributedSemaphoreProvider semaphores,
    ILocalSiloDetails silo) : Grain, ILockingGrain
{
    private IDistributedSynchronizationHandle? _held;

    public async Task<FencingToken> Hold(string name)
    {
        _held = await locks.AcquireLockAsync(name);
        return Token(_held);
    }

    public async Task Release() => await _held!.DisposeAsync();

    public Task<List<FencingToken>> BlockTwice(string name)
    {
        var tokens = new List<FencingToken>();
        for (var i = 0; i < 2; i++)
        {
            using var handle = locks.AcquireLock(name);
            tokens.Add(Token(handle));
        }

        return Task.FromResult(tokens);
    }

    public Task<List<FencingToken>> BlockTwiceOnTasks(string name)
    {
        var tokens = new List<FencingToken>();
        for (var i = 0; i < 2; i++)
        {
            var handle = locks.AcquireLockAsync(name).AsTask().GetAwaiter().GetResult();
            tokens.Add(Token(handle));
            handle.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        return Task.FromResult(tokens);
    }

    public Task<bool> BlockOnEachKind(string name)
    {
        using var permit = semaphores.AcquireSemaphore($"{name}/permits", 2);
        using (readerWriterLocks.AcquireReadLock(name))
        {
        }

        using var upgradeable = readerWriterLocks.AcquireUpgradeableReadLock(name);
        upgradeable.UpgradeToWriteLock();
        return Task.FromResult(readerWriterLocks.TryAcquireReadLock(name) is null);
    }

    public Task<string> SiloName() => Task.FromResult(silo.Name);

    private static FencingToken Token(IDistributedSynchronizationHandle handle) => ((RaftDistributedLockHandle)handle).FencingToken;
}
