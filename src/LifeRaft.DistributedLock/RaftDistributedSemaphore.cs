using Medallion.Threading;

namespace LifeRaft.DistributedLock;

internal sealed class RaftDistributedSemaphore(string name, int maxCount, Acquisition<IDistributedSynchronizationHandle> permit) : IDistributedSemaphore
{
    public string Name => name;

    public int MaxCount => maxCount;

    public IDistributedSynchronizationHandle? TryAcquire(TimeSpan timeout = default, CancellationToken cancellationToken = default) => permit.Try(timeout, cancellationToken);

    public IDistributedSynchronizationHandle Acquire(TimeSpan? timeout = null, CancellationToken cancellationToken = default) => permit.Insist(timeout, cancellationToken);

    public ValueTask<IDistributedSynchronizationHandle?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) => permit.TryAsync(timeout, cancellationToken);

    public ValueTask<IDistributedSynchronizationHandle> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) => permit.InsistAsync(timeout, cancellationToken);
}
