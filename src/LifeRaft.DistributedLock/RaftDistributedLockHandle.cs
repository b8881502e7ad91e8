using Medallion.Threading;

namespace LifeRaft.DistributedLock;

/// <summary>
/// What <see cref="RaftDistributedLockProvider"/> hands out: a lock or a permit that is held until it is disposed of or lost. The package
/// knows of no fencing token, so ask this class for it:
/// <code>
/// await using var handle = await locks.AcquireLockAsync("nightly");
/// await store.Write(report, ((RaftDistributedLockHandle)handle).FencingToken);
/// </code>
/// </summary>
/// <remarks>
/// A handle that was forgotten, not disposed of, is released when the garbage collector finds it. One that is referenced is kept for as long
/// as this process reaches the group, and no longer than its time to live after that.
/// </remarks>
public class RaftDistributedLockHandle : IDistributedSynchronizationHandle
{
    private volatile bool _isDisposed;

    internal RaftDistributedLockHandle(LockHandle held) => Held = held;

    /// <summary>Nobody has the handle any more, so nobody relies on the lock.</summary>
    ~RaftDistributedLockHandle() => _ = Held.DisposeAsync().AsTask();

    /// <summary>
    /// Larger than that of every exclusive holder before. Show it to whatever the lock protects, so that it can refuse a holder of before
    /// that does not know yet that it lost the lock. It can be read after the handle was disposed of; an upgrade changes it.
    /// </summary>
    public FencingToken FencingToken => Held.FencingToken;

    /// <summary>Cancelled when the lock is lost, before another can have it. Not when the handle is disposed of.</summary>
    /// <exception cref="ObjectDisposedException">The handle was disposed of.</exception>
    public CancellationToken HandleLostToken
    {
        get
        {
            RequireUse();
            return Held.Lost;
        }
    }

    internal LockHandle Held { get; }

    /// <summary>Releases the lock, and blocks until the group has heard of it, or has not answered. It does not fail.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        GC.SuppressFinalize(this);
        OnThreadPool.Wait(() => Held.DisposeAsync().AsTask());
    }

    /// <summary>Releases the lock. If the group cannot be told now, it is told in the background. It does not fail.</summary>
    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        GC.SuppressFinalize(this);
        return Held.DisposeAsync();
    }

    private protected void RequireUse() => ObjectDisposedException.ThrowIf(_isDisposed, this);
}
