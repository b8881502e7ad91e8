namespace LifeRaft;

/// <summary>A command to a <see cref="LockMachine"/>. All of them may be repeated: a client does so when it does not know what came of one.</summary>
internal abstract record LockCommand;

/// <summary>
/// Asks for a lock. A request that is known is renewed and answered as it stands; one that was withdrawn stays so. Answered by
/// <see cref="LockAnswer"/>.
/// </summary>
/// <param name="Id">Names the request, in all that follows; drawn by the client.</param>
/// <param name="Name">Which lock.</param>
/// <param name="Mode">How.</param>
/// <param name="Limit">Of a semaphore, how many may hold it; 0 for a lock that is none.</param>
/// <param name="TimeToLive">After so long without a word the request ends, whether it holds the lock or waits.</param>
/// <param name="Value">What others may see of who holds it.</param>
/// <param name="MayWait">Whether to wait for it; else it is granted at once or not at all.</param>
internal sealed record AcquireLock(
    Guid Id, string Name, LockMode Mode, int Limit, TimeSpan TimeToLive, ReadOnlyMemory<byte> Value, bool MayWait) : LockCommand;

/// <summary>Makes an upgradeable holder the only one, as soon as the readers beside it have gone. Answered by <see cref="LockAnswer"/>.</summary>
internal sealed record UpgradeLock(Guid Id, bool MayWait) : LockCommand;

/// <summary>Stops waiting for an upgrade. One that has been granted meanwhile stays granted. Answered by <see cref="LockAnswer"/>.</summary>
internal sealed record AbandonUpgrade(Guid Id) : LockCommand;

/// <summary>Ends a request, whether it holds the lock or waits. Answered by <see cref="LockAnswer"/>.</summary>
/// <param name="Id">Which.</param>
/// <param name="IsRemembered">Whether a copy of the request may still be under way, and is to find it ended.</param>
internal sealed record ReleaseLock(Guid Id, bool IsRemembered) : LockCommand;

/// <summary>Says that these requests are still wanted. Answered by one <see cref="LockAnswer"/> each, in their order.</summary>
internal sealed record KeepLocks(IReadOnlyList<Guid> Ids) : LockCommand;

internal enum LockOutcome : byte
{
    /// <summary>The request is not known: it ended, was withdrawn, or has never come.</summary>
    Gone = 0,

    /// <summary>It holds the lock.</summary>
    Granted = 1,

    /// <summary>It waits for the lock, or for the upgrade.</summary>
    Waiting = 2,

    /// <summary>It would have had to wait, and was not to. Nothing of it is left.</summary>
    Unavailable = 3,

    /// <summary>The lock is used with another limit. Nothing of the request is left.</summary>
    OtherLimit = 4,

    /// <summary>Too many wait. Nothing of the request is left.</summary>
    Full = 5,

    /// <summary>It holds the lock in a mode that cannot be upgraded.</summary>
    NotUpgradeable = 6,
}

/// <summary>How a request stands.</summary>
/// <param name="Outcome">How.</param>
/// <param name="Token">Whoever holds the lock has one.</param>
/// <param name="Mode">How it is held, or wanted.</param>
/// <param name="Limit">The limit that the lock is used with, where that was in the way.</param>
internal readonly record struct LockAnswer(LockOutcome Outcome, FencingToken Token = default, LockMode Mode = default, int Limit = 0);
