namespace LifeRaft;

/// <summary>A lock that somebody holds or waits for.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Limit">How many may hold it, if it is a semaphore; else 0.</param>
/// <param name="HolderCount">How many hold it.</param>
/// <param name="WaiterCount">How many wait for it.</param>
/// <param name="Holders">Those who have held it for longest, at most <see cref="MaximumHolders"/>.</param>
public sealed record LockState(string Name, int Limit, int HolderCount, int WaiterCount, IReadOnlyList<LockHolder> Holders)
{
    /// <summary>How many holders are told of.</summary>
    public const int MaximumHolders = 16;

    internal static LockState Of(NamedLock queue) => new(
        queue.Name,
        queue.Limit,
        queue.Holders.Count,
        queue.Waiters.Count,
        [.. queue.Holders.Values.Take(MaximumHolders).Select(holder => new LockHolder(holder.Token, holder.Mode, holder.Value))]);
}

/// <summary>Who holds a lock.</summary>
/// <param name="Token">Its fencing token.</param>
/// <param name="Mode">How it holds the lock.</param>
/// <param name="Value">What it shows of itself (<see cref="LockOptions.Value"/>).</param>
public sealed record LockHolder(FencingToken Token, LockMode Mode, ReadOnlyMemory<byte> Value);
