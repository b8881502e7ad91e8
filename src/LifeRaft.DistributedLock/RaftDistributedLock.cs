using Medallion.Threading;

namespace LifeRaft.DistributedLock;

internal sealed class RaftDistributedLock(string name, Acquisition<IDistributedSynchronizationHandle> exclusive) : IDistributedLock
{
    public string Name => name;

    public IDistributedSynchronizationHandle? TryAcquire(TimeSpan timeout = default, CancellationToken cancellationToken = default) => exclusive.Try(timeout, cancellationToken);

    public IDistributedSynchronizationHandle Acquire(TimeSpan? timeout = null, CancellationToken cancellationToken = default) => exclusive.Insist(timeout, cancellationToken);

    public ValueTask<IDistributedSynchronizationHandle?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) => exclusive.TryAsync(timeout, cancellationToken);

    public ValueTask<IDistributedSynchronizationHandle> AcquireAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) => exclusive.InsistAsync(timeout, cancellationToken);
}
