using System.Collections.Immutable;

namespace LifeRaft;

/// <summary>One request in the queue of a lock.</summary>
/// <param name="Id">Which.</param>
/// <param name="Mode">How it wants the lock, or has it.</param>
/// <param name="Value">What others may see of it.</param>
internal sealed record LockRequest(Guid Id, LockMode Mode, ReadOnlyMemory<byte> Value)
{
    /// <summary>None as long as it waits.</summary>
    public FencingToken Token { get; init; }

    /// <summary>Whether an upgradeable holder wants to be the only one. Until it is, nobody else is let in.</summary>
    public bool IsUpgrading { get; init; }
}

/// <summary>
/// A lock that somebody holds or waits for, and who. Requests are served in the order of their arrival, which is the index of the entry
/// that brought them: a reader behind a waiting writer waits too, so neither starves. Only an upgrade goes ahead of those who wait, for
/// they wait for it.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Limit">How many may share it; 0 for no limit, which is what a lock has that is no semaphore.</param>
internal sealed record NamedLock(string Name, int Limit)
{
    private static readonly ImmutableSortedDictionary<long, LockRequest> _nobody = ImmutableSortedDictionary<long, LockRequest>.Empty;

    /// <summary>Who holds it, by arrival. Invariant: an exclusive holder is the only one, and at most one holder is upgradeable.</summary>
    public ImmutableSortedDictionary<long, LockRequest> Holders { get; private init; } = _nobody;

    /// <summary>Who waits for it, by arrival. Invariant: the first of them cannot be let in as things stand.</summary>
    public ImmutableSortedDictionary<long, LockRequest> Waiters { get; private init; } = _nobody;

    /// <summary>The arrival of the holder that may upgrade; 0 for none.</summary>
    public long Upgradeable { get; private init; }

    public bool IsUnused => Holders.IsEmpty && Waiters.IsEmpty;

    public int Count => Holders.Count + Waiters.Count;

    private bool IsUpgrading => Upgradeable > 0 && Holders[Upgradeable].IsUpgrading;

    /// <summary>The largest token of those who hold it.</summary>
    public FencingToken Newest => Holders.Values.Select(holder => holder.Token).DefaultIfEmpty().Max();

    public LockRequest this[long arrival] => Holders.TryGetValue(arrival, out var holder) ? holder : Waiters[arrival];

    public NamedLock Enqueue(long arrival, LockRequest request) => this with { Waiters = Waiters.Add(arrival, request) };

    public NamedLock Remove(long arrival) => this with
    {
        Holders = Holders.Remove(arrival),
        Waiters = Waiters.Remove(arrival),
        Upgradeable = Upgradeable == arrival ? 0 : Upgradeable,
    };

    /// <summary>Lets the upgradeable holder want to be the only one, or no longer.</summary>
    public NamedLock WithUpgrade(bool isWanted) =>
        this with { Holders = Holders.SetItem(Upgradeable, Holders[Upgradeable] with { IsUpgrading = isWanted }) };

    /// <summary>
    /// Lets in whoever can be let in. An entry calls it once for a lock, when it has ended and changed all that it does: so it grants the
    /// lock to one exclusive holder at most, and that one's token is nobody else's.
    /// </summary>
    public NamedLock Grant(FencingToken token)
    {
        if (IsUpgrading)
        {
            return Holders.Count == 1 ? Upgraded(token) : this;
        }

        var (holders, waiters, upgradeable) = (Holders, Waiters, Upgradeable);
        foreach (var (arrival, request) in Waiters)
        {
            if (!Admits(holders, upgradeable, request.Mode))
            {
                break;
            }

            holders = holders.Add(arrival, request with { Token = token });
            waiters = waiters.Remove(arrival);
            upgradeable = request.Mode == LockMode.Upgradeable ? arrival : upgradeable;
        }

        return holders == Holders ? this : this with { Holders = holders, Waiters = waiters, Upgradeable = upgradeable };
    }

    /// <summary>A request whose arrival and token a snapshot has told.</summary>
    public NamedLock Restore(long arrival, LockRequest request) => request.Token == FencingToken.None
        ? Enqueue(arrival, request)
        : this with
        {
            Holders = Holders.Add(arrival, request),
            Upgradeable = request.Mode == LockMode.Upgradeable ? arrival : Upgradeable,
        };

    /// <summary>It is the only holder now, and later than the readers that were beside it.</summary>
    private NamedLock Upgraded(FencingToken token)
    {
        var upgraded = Holders[Upgradeable] with { Mode = LockMode.Exclusive, IsUpgrading = false, Token = token };
        return this with { Holders = Holders.SetItem(Upgradeable, upgraded), Upgradeable = 0 };
    }

    private bool Admits(ImmutableSortedDictionary<long, LockRequest> holders, long upgradeable, LockMode mode)
    {
        if (holders.IsEmpty)
        {
            return true;
        }

        var isHeldAlone = holders.Count == 1 && holders.Values.First().Mode == LockMode.Exclusive;
        return !isHeldAlone && mode switch
        {
            LockMode.Exclusive => false,
            LockMode.Upgradeable => upgradeable == 0,
            _ => Limit == 0 || holders.Count < Limit,
        };
    }
}
