namespace LifeRaft;

/// <summary>How a request wants a lock.</summary>
public enum LockMode : byte
{
    /// <summary>Alone: a writer, or the holder of a plain lock.</summary>
    Exclusive = 0,

    /// <summary>Beside other readers; of a semaphore, beside as many as its limit allows.</summary>
    Shared = 1,

    /// <summary>Beside readers, but beside no other that may upgrade; it can become exclusive without letting go.</summary>
    Upgradeable = 2,
}

/// <summary>
/// What kind of lock is wanted. A name is either a reader-writer lock, of which a plain lock is the writers' half, or a semaphore of one
/// limit; as long as anybody holds it or waits for it, a request of the other kind is refused.
/// </summary>
public readonly record struct LockKind
{
    private LockKind(LockMode mode, int limit) => (Mode, Limit) = (mode, limit);

    /// <summary>Alone. The default.</summary>
    public static LockKind Exclusive => default;

    /// <summary>Beside other readers. Those who come after a waiting writer wait behind it.</summary>
    public static LockKind Shared => new(LockMode.Shared, 0);

    /// <summary>Beside readers, and later alone by <see cref="LockHandle.Upgrade"/>.</summary>
    public static LockKind Upgradeable => new(LockMode.Upgradeable, 0);

    /// <summary>How the lock is wanted.</summary>
    public LockMode Mode { get; }

    /// <summary>How many may hold the semaphore at once; 0 for a lock that is none.</summary>
    public int Limit { get; }

    /// <summary>One of so many permits.</summary>
    /// <param name="limit">How many may hold it at once, 1 to 10,000; the same for all who use the name.</param>
    /// <exception cref="InvalidRequestException">The limit is out of range.</exception>
    public static LockKind Semaphore(int limit) => limit is >= 1 and <= LockRules.MaximumRequestsOfLock
        ? new LockKind(LockMode.Shared, limit)
        : throw new InvalidRequestException($"A semaphore has 1 to {LockRules.MaximumRequestsOfLock} permits, not {limit}.");

    /// <inheritdoc/>
    public override string ToString() => Limit > 0 ? $"Semaphore({Limit})" : Mode.ToString();
}
