using Medallion.Threading;

namespace LifeRaft.DistributedLock;

/// <summary>An upgradeable read lock that is held. Nobody else can be let in to write between its reading and its writing.</summary>
public sealed class RaftDistributedLockUpgradeableHandle : RaftDistributedLockHandle, IDistributedLockUpgradeableHandle
{
    private const int IsReading = 0;
    private const int IsUpgrading = 1;
    private const int IsWriting = 2;
    private int _stage;

    internal RaftDistributedLockUpgradeableHandle(LockHandle held)
        : base(held)
    {
    }

    /// <summary>Makes it a write lock if the readers beside it go in time; it stays a read lock if they do not.</summary>
    /// <param name="timeout">How long to wait; now or not at all by default.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether it is a write lock.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative or too long.</exception>
    /// <exception cref="ObjectDisposedException">The handle was disposed of.</exception>
    /// <exception cref="InvalidOperationException">It is a write lock already, or is becoming one.</exception>
    /// <exception cref="LockLostException">The lock was lost.</exception>
    public bool TryUpgradeToWriteLock(TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        var time = BeginUpgrade(timeout);
        return OnThreadPool.Wait(() => TryWithin(time, cancellationToken));
    }

    /// <inheritdoc cref="TryUpgradeToWriteLock"/>
    public ValueTask<bool> TryUpgradeToWriteLockAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        var time = BeginUpgrade(timeout);
        return OnThreadPool.Run(() => TryWithin(time, cancellationToken));
    }

    /// <summary>Makes it a write lock, waiting for the readers beside it to go; no new ones are let in.</summary>
    /// <param name="timeout">How long to wait; as long as it takes by default.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="TimeoutException">The readers did not go in time; it is still a read lock.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative or too long.</exception>
    /// <exception cref="ObjectDisposedException">The handle was disposed of.</exception>
    /// <exception cref="InvalidOperationException">It is a write lock already, or is becoming one.</exception>
    /// <exception cref="LockLostException">The lock was lost.</exception>
    public void UpgradeToWriteLock(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var time = BeginUpgrade(timeout);
        OnThreadPool.Wait(() => InsistWithin(time, cancellationToken));
    }

    /// <inheritdoc cref="UpgradeToWriteLock"/>
    public ValueTask UpgradeToWriteLockAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var time = BeginUpgrade(timeout);
        return new ValueTask(Task.Run(() => InsistWithin(time, cancellationToken), CancellationToken.None));
    }

    private TimeSpan BeginUpgrade(TimeSpan? timeout)
    {
        var time = WaitTime.Of(timeout);
        RequireUse();
        return Interlocked.CompareExchange(ref _stage, IsUpgrading, IsReading) switch
        {
            IsReading => time,
            IsUpgrading => throw new InvalidOperationException($"'{Held.Name}' is being upgraded. Wait for that."),
            _ => throw new InvalidOperationException($"'{Held.Name}' was upgraded already: it is a write lock."),
        };
    }

    private async Task<bool> TryWithin(TimeSpan time, CancellationToken cancellationToken)
    {
        var isWriting = false;
        try
        {
            return isWriting = await Held.TryUpgrade(time, cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _stage, isWriting ? IsWriting : IsReading);
        }
    }

    private async Task InsistWithin(TimeSpan time, CancellationToken cancellationToken)
    {
        if (!await TryWithin(time, cancellationToken))
        {
            throw new TimeoutException($"The readers of '{Held.Name}' did not go within {time}. Wait longer, or go on reading.");
        }
    }
}
