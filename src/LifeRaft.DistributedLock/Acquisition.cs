using Medallion.Threading;

namespace LifeRaft.DistributedLock;

/// <summary>
/// One way to acquire one lock, as the package's interfaces have it: with a wrong argument the call throws, not its task; a lock that is
/// not free in time is null to those who try, and a <see cref="TimeoutException"/> to those who insist.
/// </summary>
internal sealed class Acquisition<THandle>(RaftLocks locks, string name, LockOptions options, Func<LockHandle, THandle> wrap)
    where THandle : class, IDistributedSynchronizationHandle
{
    public THandle? Try(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var time = WaitTime.Of(timeout);
        return OnThreadPool.Wait(() => TryWithin(time, cancellationToken));
    }

    public THandle Insist(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var time = WaitTime.Of(timeout);
        return OnThreadPool.Wait(() => InsistWithin(time, cancellationToken));
    }

    public ValueTask<THandle?> TryAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var time = WaitTime.Of(timeout);
        return OnThreadPool.Run(() => TryWithin(time, cancellationToken));
    }

    public ValueTask<THandle> InsistAsync(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var time = WaitTime.Of(timeout);
        return OnThreadPool.Run(() => InsistWithin(time, cancellationToken));
    }

    private async Task<THandle?> TryWithin(TimeSpan time, CancellationToken cancellationToken) =>
        await locks.TryAcquire(name, time, options, cancellationToken) is { } held ? wrap(held) : null;

    private async Task<THandle> InsistWithin(TimeSpan time, CancellationToken cancellationToken) =>
        await TryWithin(time, cancellationToken) ?? throw new TimeoutException($"'{name}' ({options.Kind}) was not free within {time}. Wait longer, or try without it.");
}
