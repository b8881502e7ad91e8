namespace LifeRaft.Tests.Locks;

/// <summary>The rules of locks once more, as lists that are searched from end to end: too simple to be wrong.</summary>
internal sealed class PlainLocks
{
    /// <summary>In the order of their arrival, whichever lock they are for.</summary>
    public List<PlainRequest> Requests { get; } = [];

    private readonly Dictionary<Guid, TimeSpan> _withdrawn = [];

    public LockAnswer Standing(Guid id) => Requests.Find(request => request.Id == id) is { } found
        ? new LockAnswer(found.Token > 0 && !found.IsUpgrading ? LockOutcome.Granted : LockOutcome.Waiting, new FencingToken(found.Token), found.Mode)
        : new LockAnswer(LockOutcome.Gone);

    public LockAnswer[] Apply(LockCommand? command, TimeSpan clock, long index)
    {
        Requests.RemoveAll(request => request.End <= clock);
        var isKnown = command is AcquireLock { Id: var wanted } && Find(wanted) is not null;
        foreach (var id in _withdrawn.Where(ended => ended.Value <= clock).Select(ended => ended.Key).ToList())
        {
            _withdrawn.Remove(id);
        }

        LockAnswer[] answers = command switch
        {
            AcquireLock acquire => [Acquire(acquire, clock)],
            ReleaseLock release => [Release(release, clock)],
            UpgradeLock upgrade when Find(upgrade.Id) is { } found => [Upgrade(found)],
            AbandonUpgrade abandon when Find(abandon.Id) is { } found => [Abandon(found)],
            _ => [],
        };
        Grant(index);
        return command switch
        {
            null => [],
            KeepLocks keep => [.. keep.Ids.Select(id => Keep(id, clock))],
            AcquireLock acquire when answers[0].Outcome == LockOutcome.Waiting => [Settled(acquire.Id, acquire.MayWait || isKnown, request => Requests.Remove(request))],
            UpgradeLock upgrade when answers is [{ Outcome: LockOutcome.Waiting }] => [Settled(upgrade.Id, upgrade.MayWait, request => request.IsUpgrading = false, () => Grant(index))],
            UpgradeLock upgrade => [Standing(upgrade.Id) is var standing && standing.Outcome == LockOutcome.Gone || standing is { Outcome: LockOutcome.Granted, Mode: LockMode.Exclusive } ? standing : standing with { Outcome = LockOutcome.NotUpgradeable }],
            AbandonUpgrade abandon => [Standing(abandon.Id)],
            _ => answers,
        };
    }

    private PlainRequest? Find(Guid id) => Requests.Find(request => request.Id == id);

    private LockAnswer Acquire(AcquireLock acquire, TimeSpan clock)
    {
        if (_withdrawn.ContainsKey(acquire.Id))
        {
            return new LockAnswer(LockOutcome.Gone);
        }

        if (Find(acquire.Id) is { } known)
        {
            known.End = clock + known.TimeToLive;
            return new LockAnswer(LockOutcome.Waiting);
        }

        if (Requests.Find(request => request.Name == acquire.Name && request.Limit != acquire.Limit) is { } other)
        {
            return new LockAnswer(LockOutcome.OtherLimit, Limit: other.Limit);
        }

        Requests.Add(new PlainRequest(acquire.Id, acquire.Name, acquire.Limit, acquire.TimeToLive) { Mode = acquire.Mode, End = clock + acquire.TimeToLive });
        return new LockAnswer(LockOutcome.Waiting);
    }

    private LockAnswer Release(ReleaseLock release, TimeSpan clock)
    {
        Requests.RemoveAll(request => request.Id == release.Id);
        if (release.IsRemembered)
        {
            _withdrawn[release.Id] = clock + LockRules.Remembrance;
        }

        return new LockAnswer(LockOutcome.Gone);
    }

    private static LockAnswer Upgrade(PlainRequest request)
    {
        var mayUpgrade = request is { Token: > 0, Mode: LockMode.Upgradeable };
        request.IsUpgrading |= mayUpgrade;
        return new LockAnswer(mayUpgrade ? LockOutcome.Waiting : LockOutcome.NotUpgradeable);
    }

    private static LockAnswer Abandon(PlainRequest request)
    {
        request.IsUpgrading = false;
        return default;
    }

    private LockAnswer Keep(Guid id, TimeSpan clock)
    {
        if (Find(id) is { } found)
        {
            found.End = clock + found.TimeToLive;
        }

        return Standing(id);
    }

    private LockAnswer Settled(Guid id, bool mayWait, Action<PlainRequest> giveUp, Action? after = null)
    {
        var standing = Standing(id);
        if (standing.Outcome != LockOutcome.Waiting || mayWait)
        {
            return standing;
        }

        giveUp(Find(id)!);
        after?.Invoke();
        return new LockAnswer(LockOutcome.Unavailable);
    }

    private void Grant(long index)
    {
        foreach (var queue in Requests.GroupBy(request => request.Name).Select(queue => queue.ToList()))
        {
            var holders = queue.Where(request => request.Token > 0).ToList();
            if (holders.Find(holder => holder.IsUpgrading) is { } upgrading)
            {
                if (holders.Count == 1)
                {
                    (upgrading.Mode, upgrading.IsUpgrading, upgrading.Token) = (LockMode.Exclusive, false, index);
                }

                continue;
            }

            foreach (var waiter in queue.Where(request => request.Token == 0))
            {
                if (!holders.TrueForAll(holder => GoTogether(holder.Mode, waiter.Mode)) || (waiter.Limit > 0 && holders.Count == waiter.Limit))
                {
                    break;
                }

                waiter.Token = index;
                holders.Add(waiter);
            }
        }
    }

    private static bool GoTogether(LockMode one, LockMode other) =>
        one != LockMode.Exclusive && other != LockMode.Exclusive && (one == LockMode.Shared || other == LockMode.Shared);
}

internal sealed record PlainRequest(Guid Id, string Name, int Limit, TimeSpan TimeToLive)
{
    public LockMode Mode { get; set; }

    public TimeSpan End { get; set; }

    public long Token { get; set; }

    public bool IsUpgrading { get; set; }
}
