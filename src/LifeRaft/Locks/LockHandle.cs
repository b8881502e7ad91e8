namespace LifeRaft;

/// <summary>
/// A lock that this process holds, until it is disposed of or lost. It is lost when the group could not be told in time that it is still
/// wanted: then <see cref="Lost"/> is cancelled before the group gives the lock to another.
/// </summary>
/// <remarks>
/// A process can stand still between a look at <see cref="IsHeld"/> and what it does then, and the clock of a machine that is suspended
/// stands still with it. Only what is protected can refuse such a holder: give it the <see cref="FencingToken"/>.
/// </remarks>
public sealed class LockHandle : IAsyncDisposable
{
    private readonly RaftLocks _locks;
    private readonly LockClaim _claim;
    private readonly Lock _lock = new();
    private LockAnswer _standing;
    private int _isUpgrading;
    private Task? _released;

    internal LockHandle(RaftLocks locks, LockClaim claim, LockAnswer standing) => (_locks, _claim, _standing) = (locks, claim, standing);

    /// <summary>The lock's name.</summary>
    public string Name => _claim.Name;

    /// <summary>How it is held. An upgrade changes it.</summary>
    public LockMode Mode => Standing.Mode;

    /// <summary>Larger than that of every holder before. An upgrade changes it.</summary>
    public FencingToken FencingToken => Standing.Token;

    /// <summary>How long the group keeps the lock for a holder of which it hears nothing.</summary>
    public TimeSpan TimeToLive => _claim.Options.TimeToLive;

    /// <summary>
    /// Cancelled when the lock is lost, before another can have it: after nine tenths of the time to live without a word from the group,
    /// as soon as the group says that it is gone, or when the <see cref="RaftLocks"/> that it came from is disposed of. Not when this handle is.
    /// </summary>
    public CancellationToken Lost => _claim.Lost;

    /// <summary>Whether it is held. It looks at the clock, so it is right also after the process stood still.</summary>
    public bool IsHeld => _claim.IsAlive;

    /// <summary>How long it is held without another word from the group; zero once it is not.</summary>
    internal TimeSpan Remaining => _claim.Remaining;

    /// <summary>Makes an upgradeable lock exclusive, waiting until the readers beside it have gone; no new ones are let in.</summary>
    /// <param name="cancellationToken">Gives up waiting. The lock stays upgradeable, unless it had become exclusive already.</param>
    /// <exception cref="InvalidRequestException">The lock is not upgradeable.</exception>
    /// <exception cref="LockLostException">The lock was lost.</exception>
    /// <exception cref="GroupUnavailableException">The group did not answer; the lock stays as it is.</exception>
    public Task Upgrade(CancellationToken cancellationToken = default) => TryUpgrade(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Makes an upgradeable lock exclusive, if the readers beside it go within so much time.</summary>
    /// <param name="timeout">How long to wait; zero for now or not at all, <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <param name="cancellationToken">Gives up waiting. The lock stays upgradeable, unless it had become exclusive already.</param>
    /// <returns>Whether it is exclusive.</returns>
    /// <exception cref="InvalidRequestException">The lock is not upgradeable, or is being upgraded, or the time is out of bounds.</exception>
    /// <exception cref="LockLostException">The lock was lost.</exception>
    /// <exception cref="GroupUnavailableException">The group did not answer; the lock stays as it is.</exception>
    public async Task<bool> TryUpgrade(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        LockRules.RequireTimeout(timeout);
        if (_claim.Options.Kind.Mode != LockMode.Upgradeable)
        {
            throw new InvalidRequestException($"'{Name}' is held as {Mode}, and only {nameof(LockKind.Upgradeable)} can become exclusive. Acquire it so.");
        }

        if (Interlocked.Exchange(ref _isUpgrading, 1) != 0)
        {
            throw new InvalidRequestException($"'{Name}' is being upgraded. Wait for that.");
        }

        try
        {
            return Mode == LockMode.Exclusive || await new LockUpgrade(_locks.Sender, _claim, Stands).Run(timeout, _locks.InBackground, cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _isUpgrading, 0);
        }
    }

    /// <summary>
    /// Releases the lock. If the group cannot be told now, it is told in the background, and at the latest the lock is free after its time
    /// to live. It does not fail.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            return new ValueTask(_released ??= _locks.Withdraw(_claim));
        }
    }

    private LockAnswer Standing
    {
        get
        {
            lock (_lock)
            {
                return _standing;
            }
        }
    }

    /// <summary>Answers may come in another order than they were given in: an older one does not take back what an upgrade has brought.</summary>
    private void Stands(LockAnswer standing)
    {
        lock (_lock)
        {
            _standing = standing.Token > _standing.Token ? standing : _standing;
        }
    }
}
