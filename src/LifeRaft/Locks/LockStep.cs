using LifeRaft.Protocol;

namespace LifeRaft;

/// <summary>
/// What one entry of the log does to a <see cref="LockTable"/>, in this order: it ends what is due, makes its own change, and only then
/// grants what has become free. So an entry grants a lock to one exclusive holder at most, and the entry's index is its fencing token.
/// </summary>
internal sealed class LockStep(LockTable table, TimeSpan clock, LogIndex index)
{
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);

    public LockTable Table { get; private set; } = table;

    /// <param name="command">The change; null if it is only time that passes.</param>
    public IReadOnlyList<LockAnswer> Apply(LockCommand? command)
    {
        if (command is AcquireLock request)
        {
            LockRules.Require(request);
        }
        else if (command is KeepLocks { Ids.Count: > LockRules.MaximumBatch } batch)
        {
            throw new InvalidRequestException($"One command keeps at most {LockRules.MaximumBatch} requests, not {batch.Ids.Count}. Divide them.");
        }

        EndWhatIsDue();
        switch (command)
        {
            case null:
                Grant();
                return [];
            case AcquireLock acquire:
                return [Acquire(acquire)];
            case UpgradeLock upgrade:
                return [Upgrade(upgrade)];
            case AbandonUpgrade abandon:
                return [Abandon(abandon)];
            case ReleaseLock release:
                return [Release(release)];
            case KeepLocks keep:
                Grant();
                return [.. keep.Ids.Select(Keep)];
            default:
                throw new InvalidRequestException($"A {command.GetType().Name} is no command to locks.");
        }
    }

    private void EndWhatIsDue()
    {
        while (Table.Deadline <= clock)
        {
            End(Table.Ends.Min.Id);
        }
    }

    private LockAnswer Acquire(AcquireLock request)
    {
        if (Table.Leases.ContainsKey(request.Id))
        {
            Grant();
            return Keep(request.Id);
        }

        var queue = Table.Find(request.Name);
        var refusal = queue is not null && queue.Limit != request.Limit ? new LockAnswer(LockOutcome.OtherLimit, Limit: queue.Limit)
            : queue?.Count >= LockRules.MaximumRequestsOfLock || Table.Leases.Count >= LockRules.MaximumRequests ? new LockAnswer(LockOutcome.Full)
            : default;
        if (refusal.Outcome != LockOutcome.Gone)
        {
            Grant();
            return refusal;
        }

        // The command's memory is its sender's; the value stays.
        var waiter = new LockRequest(request.Id, request.Mode, request.Value.ToArray());
        Change((queue ?? new NamedLock(request.Name, request.Limit)).Enqueue(index.Value, waiter));
        Table = Table.With(request.Id, new LockLease(request.Name, index.Value, request.TimeToLive, clock + request.TimeToLive));
        Grant();
        var answer = Table.StandingOf(request.Id);
        if (answer.Outcome == LockOutcome.Waiting && !request.MayWait)
        {
            End(request.Id); // The last of its queue: nobody waited for it.
            return new LockAnswer(LockOutcome.Unavailable);
        }

        return answer;
    }

    private LockAnswer Upgrade(UpgradeLock upgrade)
    {
        var queue = QueueOfUpgradeable(upgrade.Id);
        if (queue is not null)
        {
            Change(queue.WithUpgrade(isWanted: true));
        }

        Grant();
        var answer = Table.StandingOf(upgrade.Id);
        if (queue is null)
        {
            return answer is { Outcome: LockOutcome.Gone } or { Outcome: LockOutcome.Granted, Mode: LockMode.Exclusive } ? answer : answer with { Outcome = LockOutcome.NotUpgradeable };
        }

        if (answer.Outcome == LockOutcome.Waiting && !upgrade.MayWait)
        {
            Change(QueueOfUpgradeable(upgrade.Id)!.WithUpgrade(isWanted: false));
            Grant();
            return new LockAnswer(LockOutcome.Unavailable);
        }

        return answer;
    }

    private LockAnswer Abandon(AbandonUpgrade abandon)
    {
        if (QueueOfUpgradeable(abandon.Id) is { } queue)
        {
            Change(queue.WithUpgrade(isWanted: false));
        }

        Grant();
        return Table.StandingOf(abandon.Id);
    }

    private LockAnswer Release(ReleaseLock release)
    {
        if (Table.Leases.TryGetValue(release.Id, out var lease) && lease.Lock is not null)
        {
            End(release.Id);
        }

        if (release.IsRemembered)
        {
            Table = Table.With(release.Id, new LockLease(null, 0, LockRules.Remembrance, clock + LockRules.Remembrance));
        }

        Grant();
        return new LockAnswer(LockOutcome.Gone);
    }

    private LockAnswer Keep(Guid id)
    {
        if (Table.Leases.TryGetValue(id, out var lease) && lease.Lock is not null)
        {
            Table = Table.With(id, lease with { End = clock + lease.TimeToLive });
        }

        return Table.StandingOf(id);
    }

    /// <summary>The lock that the request holds and could upgrade, or waits to.</summary>
    private NamedLock? QueueOfUpgradeable(Guid id) =>
        Table.Leases.TryGetValue(id, out var lease) && lease.Lock is not null && Table.Find(lease.Lock) is { } queue && queue.Upgradeable == lease.Arrival
            ? queue
            : null;

    private void End(Guid id)
    {
        var lease = Table.Leases[id];
        Table = Table.Without(id);
        if (lease.Lock is not null)
        {
            Change(Table.Find(lease.Lock)!.Remove(lease.Arrival));
        }
    }

    private void Change(NamedLock queue)
    {
        _changed.Add(queue.Name);
        Table = Table.With(queue);
    }

    private void Grant()
    {
        foreach (var name in _changed)
        {
            if (Table.Find(name) is { } queue)
            {
                Table = Table.With(queue.Grant(new FencingToken(index.Value)));
            }
        }

        _changed.Clear();
    }
}
