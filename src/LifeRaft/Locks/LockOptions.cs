namespace LifeRaft;

/// <summary>How a lock is wanted.</summary>
public sealed record LockOptions
{
    /// <summary>An exclusive lock with a time to live of 15 s.</summary>
    public static LockOptions Default { get; } = new();

    /// <summary>Exclusive, shared, upgradeable, or one permit of a semaphore.</summary>
    /// <value><see cref="LockKind.Exclusive"/> by default.</value>
    public LockKind Kind { get; init; }

    /// <summary>
    /// How long the lock outlives its holder: after so long without a word from it the group gives the lock to the next. While the holder
    /// lives it sends a word every third of that. Shorter frees sooner what a dead holder had; longer endures longer interruptions.
    /// </summary>
    /// <value>15 s by default; 1 s to 1 h.</value>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>What others may see of the holder (<see cref="RaftLocks.Look"/>): the name of its host, for instance.</summary>
    /// <value>Empty by default; at most 1024 bytes.</value>
    public ReadOnlyMemory<byte> Value { get; init; }

    internal void Require()
    {
        LockRules.RequireTimeToLive(TimeToLive);
        LockRules.RequireValue(Value.Length);
    }
}
