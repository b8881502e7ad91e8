using LifeRaft.DistributedLock;
using Medallion.Threading;

namespace LifeRaft.Tests.DistributedLock;

public sealed class PlainLockTests : ExclusiveLockContract
{
    protected override IDistributedLock Create(RaftDistributedLockProvider provider, string name) => provider.CreateLock(name);
}

public sealed class WriteLockTests : ExclusiveLockContract
{
    protected override IDistributedLock Create(RaftDistributedLockProvider provider, string name) => new Writer(provider.CreateReaderWriterLock(name));

    private sealed class Writer(IDistributedReaderWriterLock inner) : IDistributedLock
    {
        public string Name => inner.Name;

        public IDistributedSynchronizationHandle? TryAcquire(TimeSpan timeout = default, CancellationToken cancellationToken = default) => inner.TryAcquireWriteLock(timeout, cancellationToken);

        public IDistributedSynchronizationHandle Acquire(TimeSpan? timeout = null, CancellationToken cancellationToken = default) => inner.AcquireWriteLock(timeout, cancellationToken);

        public ValueTask<IDistributedSynchronizationHandle?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) => inner.TryAcquireWriteLockAsync(timeout, cancellationToken);

        public ValueTask<IDistributedSynchronizationHandle> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) => inner.AcquireWriteLockAsync(timeout, cancellationToken);
    }
}

public sealed class UpgradeableReadLockTests : ExclusiveLockContract
{
    protected override IDistributedLock Create(RaftDistributedLockProvider provider, string name) => new Upgradeable(provider.CreateUpgradeableReaderWriterLock(name));

    private sealed class Upgradeable(IDistributedUpgradeableReaderWriterLock inner) : IDistributedLock
    {
        public string Name => inner.Name;

        public IDistributedSynchronizationHandle? TryAcquire(TimeSpan timeout = default, CancellationToken cancellationToken = default) => inner.TryAcquireUpgradeableReadLock(timeout, cancellationToken);

        public IDistributedSynchronizationHandle Acquire(TimeSpan? timeout = null, CancellationToken cancellationToken = default) => inner.AcquireUpgradeableReadLock(timeout, cancellationToken);

        public ValueTask<IDistributedSynchronizationHandle?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) => Plain(inner.TryAcquireUpgradeableReadLockAsync(timeout, cancellationToken));

        public ValueTask<IDistributedSynchronizationHandle> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) => Plain(inner.AcquireUpgradeableReadLockAsync(timeout, cancellationToken))!;

        private static async ValueTask<IDistributedSynchronizationHandle?> Plain<THandle>(ValueTask<THandle> handle)
            where THandle : IDistributedSynchronizationHandle? => await handle.ConfigureAwait(false);
    }
}

public sealed class SinglePermitTests : ExclusiveLockContract
{
    protected override IDistributedLock Create(RaftDistributedLockProvider provider, string name) => new Permit(provider.CreateSemaphore(name, 1));

    private sealed class Permit(IDistributedSemaphore inner) : IDistributedLock
    {
        public string Name => inner.Name;

        public IDistributedSynchronizationHandle? TryAcquire(TimeSpan timeout = default, CancellationToken cancellationToken = default) => inner.TryAcquire(timeout, cancellationToken);

        public IDistributedSynchronizationHandle Acquire(TimeSpan? timeout = null, CancellationToken cancellationToken = default) => inner.Acquire(timeout, cancellationToken);

        public ValueTask<IDistributedSynchronizationHandle?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) => inner.TryAcquireAsync(timeout, cancellationToken);

        public ValueTask<IDistributedSynchronizationHandle> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) => inner.AcquireAsync(timeout, cancellationToken);
    }
}
