namespace LifeRaft;

/// <summary>A question to a <see cref="LockMachine"/>.</summary>
internal abstract record LockQuery;

/// <summary>How a request stands, once it no longer waits; answered by one <see cref="LockAnswer"/>. To be awaited.</summary>
internal sealed record AwaitGrant(Guid Id) : LockQuery;

/// <summary>The state of a lock, once its newest holder is another; answered by a page. To be awaited.</summary>
/// <param name="Name">Which lock.</param>
/// <param name="Known">The token of its newest holder as far as is known.</param>
internal sealed record AwaitHolder(string Name, FencingToken Known) : LockQuery;

/// <summary>The state of one lock; answered by a page.</summary>
internal sealed record LookAtLock(string Name) : LockQuery;

/// <summary>The states of many locks, in ordinal order of their names; answered by a page.</summary>
/// <param name="Prefix">How the names begin.</param>
/// <param name="After">The last name of the page before; empty for the first page.</param>
internal sealed record ListLocks(string Prefix, string After) : LockQuery;

/// <summary>A part of a list of locks.</summary>
internal sealed record LockPage(IReadOnlyList<LockState> Locks, bool HasMore)
{
    /// <summary>With a name, a holder and its value each a page has at most 100 KiB; at worst, of locks with many holders, 1 MiB.</summary>
    public const int MaximumLocks = 64;
}
