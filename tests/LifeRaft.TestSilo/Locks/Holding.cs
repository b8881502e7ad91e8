using System.Text;

namespace LifeRaft.TestSilo;

/// <summary>What a client has got: a lock, or the leadership of an election.</summary>
/// <param name="Lock">The name.</param>
/// <param name="Token">The fencing token.</param>
/// <param name="IsHeld">Whether it can still rely on it.</param>
/// <param name="Release">Lets go.</param>
public sealed record Holding(string Lock, long Token, Func<bool> IsHeld, Func<Task> Release)
{
    private static readonly LockOptions _options = LockOptions.Default with { TimeToLive = LockNames.TimeToLive };

    /// <summary>How to get one. Null when it was not to be had in time.</summary>
    public delegate Task<Holding?> Acquisition(RaftLocks locks, Random random, CancellationToken cancellationToken);

    /// <summary>One of the few locks, at once, or soon, or however long it takes.</summary>
    public static Acquisition AnyLock { get; } = async (locks, random, cancellationToken) =>
    {
        var patience = random.Next(3) switch { 0 => TimeSpan.Zero, 1 => TimeSpan.FromMilliseconds(random.Next(1, 2000)), _ => Timeout.InfiniteTimeSpan };
        return Of(await locks.TryAcquire(LockNames.Any(random), patience, _options, cancellationToken));
    };

    /// <summary>That lock, however long it takes.</summary>
    public static Acquisition Of(string name, string client) => async (locks, _, cancellationToken) =>
        Of(await locks.Acquire(name, _options with { Value = Encoding.UTF8.GetBytes(client) }, cancellationToken));

    /// <summary>The leadership.</summary>
    public static Acquisition Leadership(string candidate) => async (locks, _, cancellationToken) =>
    {
        var leadership = await new LeaderElection(locks, LockNames.Election, LockNames.TimeToLive).Campaign(candidate, cancellationToken);
        return new Holding(leadership.Election, leadership.FencingToken.Value, () => leadership.IsLeader, leadership.Resign);
    };

    private static Holding? Of(LockHandle? handle) => handle is null
        ? null
        : new Holding(handle.Name, handle.FencingToken.Value, () => handle.IsHeld, () => handle.DisposeAsync().AsTask());
}
