using LifeRaft.TestSilo;

namespace LifeRaft.Chaos;

/// <summary>
/// Puts together what clients of locks write down, whichever process they are in, and is what their locks protect: it keeps the largest
/// token of each.
/// </summary>
internal sealed class LockRecord
{
    // Guarded by _gate.
    private readonly Lock _gate = new();
    private readonly List<LockGrant> _grants = [];
    private readonly Dictionary<(string Lock, long Token, string Client), int> _latest = [];
    private readonly List<FencedWrite> _writes = [];
    private readonly Dictionary<string, long> _largest = new(StringComparer.Ordinal);
    private readonly List<HolderDeath> _deaths = [];
    private readonly List<SeenLeader> _leaders = [];
    private readonly List<string> _surprises = [];
    private readonly List<(TimeSpan Asked, TaskCompletionSource<TimeSpan> Seen)> _waiting = [];

    public void Add(LockEvent one)
    {
        lock (_gate)
        {
            Apply(one);
        }
    }

    /// <summary>A process was killed.</summary>
    public void Died(string process, TimeSpan at)
    {
        lock (_gate)
        {
            _deaths.Add(new HolderDeath(process, at));
        }
    }

    public void Surprise(string what)
    {
        lock (_gate)
        {
            _surprises.Add(what);
        }
    }

    /// <summary>When the first lock was acquired that was asked for at this moment or later.</summary>
    public Task<TimeSpan> Acquired(TimeSpan asked)
    {
        lock (_gate)
        {
            var seen = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((asked, seen));
            return seen.Task;
        }
    }

    /// <summary>All of it until now.</summary>
    public LockHistory History(IReadOnlyList<FaultSpan> faults, TimeSpan end)
    {
        lock (_gate)
        {
            return new LockHistory
            {
                Grants = [.. _grants],
                Writes = [.. _writes],
                Deaths = [.. _deaths],
                Leaders = [.. _leaders],
                Surprises = [.. _surprises],
                Faults = faults,
                End = end,
            };
        }
    }

    private void Apply(LockEvent one)
    {
        switch (one.Kind)
        {
            case LockEventKind.Granted:
                _latest[(one.Lock, one.Token, one.Client)] = _grants.Count;
                _grants.Add(new LockGrant(one.Lock, one.Token, one.Client, one.Asked, one.At));
                Progressed(one);
                break;
            case LockEventKind.Holds:
                Change(one, grant => grant with { From = grant.From ?? one.At, Until = one.At });
                break;
            case LockEventKind.Wrote:
                Write(one);
                break;
            case LockEventKind.Released:
                Change(one, grant => grant with { End = GrantEnd.Released });
                break;
            case LockEventKind.Lost:
                Change(one, grant => grant with { End = GrantEnd.Lost });
                break;
            case LockEventKind.Died:
                Change(one, grant => grant with { End = GrantEnd.Died });
                _deaths.Add(new HolderDeath(one.Client, one.At));
                break;
            case LockEventKind.Led:
                _leaders.Add(new SeenLeader(one.Lock, one.Token, one.Text));
                break;
            default:
                _surprises.Add($"{one.Client}: {one.Text}");
                break;
        }
    }

    private void Write(LockEvent one)
    {
        var isAccepted = one.Token >= _largest.GetValueOrDefault(one.Lock);
        _largest[one.Lock] = isAccepted ? one.Token : _largest[one.Lock];
        _writes.Add(new FencedWrite(one.Lock, one.Token, one.Client, one.At, LockEvent.Now, isAccepted));
    }

    private void Change(LockEvent one, Func<LockGrant, LockGrant> change)
    {
        var index = _latest[(one.Lock, one.Token, one.Client)];
        _grants[index] = change(_grants[index]);
    }

    private void Progressed(LockEvent one)
    {
        foreach (var (_, seen) in _waiting.Where(waiting => waiting.Asked <= one.Asked))
        {
            seen.SetResult(one.At);
        }

        _waiting.RemoveAll(waiting => waiting.Asked <= one.Asked);
    }
}
