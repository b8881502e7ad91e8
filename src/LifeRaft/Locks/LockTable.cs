using System.Collections.Immutable;
using LifeRaft.Protocol;

namespace LifeRaft;

/// <summary>How long a request lives, whether it holds its lock or waits.</summary>
/// <param name="Lock">The lock it is for; null for one that was withdrawn and is remembered.</param>
/// <param name="Arrival">Its place in that lock's queue.</param>
/// <param name="TimeToLive">By how much a word of its client prolongs it.</param>
/// <param name="End">When it ends, by the replicated clock.</param>
internal sealed record LockLease(string? Lock, long Arrival, TimeSpan TimeToLive, TimeSpan End);

/// <summary>
/// All locks that somebody holds or waits for, and how long those live: the state of a <see cref="LockMachine"/>, without bytes, clocks or
/// mutable parts. <see cref="LockStep"/> is what an entry of the log does to it.
/// </summary>
internal sealed record LockTable
{
    public static readonly LockTable Empty = new();

    private LockTable()
    {
    }

    /// <summary>By name, ordinally; nobody's lock is not among them.</summary>
    public ImmutableSortedSet<NamedLock> Locks { get; init; } = ImmutableSortedSet.Create<NamedLock>(
        Comparer<NamedLock>.Create((left, right) => string.CompareOrdinal(left.Name, right.Name)));

    /// <summary>Of every request that is in a queue, and of those that were withdrawn and are remembered.</summary>
    public ImmutableDictionary<Guid, LockLease> Leases { get; init; } = ImmutableDictionary<Guid, LockLease>.Empty;

    /// <summary>Invariant: exactly the ends of <see cref="Leases"/>.</summary>
    public ImmutableSortedSet<(TimeSpan End, Guid Id)> Ends { get; init; } = [];

    /// <summary>When something ends next.</summary>
    public TimeSpan? Deadline => Ends.IsEmpty ? null : Ends.Min.End;

    /// <summary>What a command does at a moment of the replicated clock.</summary>
    /// <param name="command">The command.</param>
    /// <param name="clock">The moment.</param>
    /// <param name="index">The entry that brings the command, later than all before.</param>
    /// <exception cref="InvalidRequestException">The command breaks a bound; nothing was done.</exception>
    public (LockTable Table, IReadOnlyList<LockAnswer> Answers) Apply(LockCommand command, TimeSpan clock, LogIndex index)
    {
        var step = new LockStep(this, clock, index);
        var answers = step.Apply(command);
        return (step.Table, answers);
    }

    /// <summary>What the passing of time does.</summary>
    public LockTable Elapse(TimeSpan clock, LogIndex index)
    {
        var step = new LockStep(this, clock, index);
        step.Apply(null);
        return step.Table;
    }

    public NamedLock? Find(string name) => Locks.TryGetValue(new NamedLock(name, 0), out var found) ? found : null;

    /// <summary>How a request stands.</summary>
    public LockAnswer StandingOf(Guid id)
    {
        if (!Leases.TryGetValue(id, out var lease) || lease.Lock is null)
        {
            return new LockAnswer(LockOutcome.Gone);
        }

        var request = Find(lease.Lock)![lease.Arrival];
        var isGranted = request.Token != FencingToken.None && !request.IsUpgrading;
        return new LockAnswer(isGranted ? LockOutcome.Granted : LockOutcome.Waiting, request.Token, request.Mode);
    }

    /// <summary>The locks whose names begin with the prefix and come after that name, in ordinal order.</summary>
    public IEnumerable<NamedLock> List(string prefix, string after)
    {
        var from = string.CompareOrdinal(after, prefix) > 0 ? after : prefix;
        var at = Locks.IndexOf(new NamedLock(from, 0));
        for (at = at < 0 ? ~at : at; at < Locks.Count && Locks[at].Name.StartsWith(prefix, StringComparison.Ordinal); at++)
        {
            if (after.Length == 0 || string.CompareOrdinal(Locks[at].Name, after) > 0)
            {
                yield return Locks[at];
            }
        }
    }

    public LockTable With(NamedLock changed)
    {
        var others = Locks.Remove(changed);
        return this with { Locks = changed.IsUnused ? others : others.Add(changed) };
    }

    public LockTable With(Guid id, LockLease lease) => this with
    {
        Leases = Leases.SetItem(id, lease),
        Ends = (Leases.TryGetValue(id, out var before) ? Ends.Remove((before.End, id)) : Ends).Add((lease.End, id)),
    };

    public LockTable Without(Guid id) => this with { Leases = Leases.Remove(id), Ends = Ends.Remove((Leases[id].End, id)) };
}
