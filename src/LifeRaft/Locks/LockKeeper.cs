namespace LifeRaft;

/// <summary>
/// Keeps the claims of one process alive: a third of its time to live after the last word about it each claim gets another, in one command
/// for many. A word is not waited for: when one gets stuck, the next is sent all the same. Claims that cannot be relied on any more
/// are lost here, also when no word gets through.
/// </summary>
internal sealed class LockKeeper(Func<IReadOnlyList<LockClaim>, Task> keep, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(1);

    // Guarded by _lock.
    private readonly Lock _lock = new();
    private readonly Dictionary<LockClaim, long> _lastWords = [];
    private ITimer? _timer;
    private long _setAt;
    private TimeSpan _setFor = TimeSpan.MaxValue;

    /// <summary>A claim was acknowledged, by a word that was sent at that time.</summary>
    public void Add(LockClaim claim, long sentAt)
    {
        lock (_lock)
        {
            _lastWords[claim] = sentAt;
            if (_timer is null)
            {
                using var _ = Detached.Flow();
                _timer = time.CreateTimer(static keeper => ((LockKeeper)keeper!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }

            var next = UntilNextLook(claim, sentAt);
            if (_setFor == TimeSpan.MaxValue || next < _setFor - time.GetElapsedTime(_setAt))
            {
                SetTimer(next);
            }
        }
    }

    public void Remove(LockClaim claim)
    {
        lock (_lock)
        {
            _lastWords.Remove(claim);
        }
    }

    /// <summary>The claims that are kept.</summary>
    public IReadOnlyList<LockClaim> Claims()
    {
        lock (_lock)
        {
            return [.. _lastWords.Keys];
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _timer?.Dispose();
        }
    }

    private void Wake()
    {
        List<LockClaim> due;
        lock (_lock)
        {
            // A timer that fires late finds claims that are lost: those first.
            foreach (var claim in _lastWords.Keys.Where(claim => !claim.IsAlive).ToList())
            {
                _lastWords.Remove(claim);
            }

            // Those that would be due soon come along: so claims fall into step, and one command serves them all.
            due = [.. _lastWords.Where(word => UntilNextWord(word.Key, word.Value) <= word.Key.Options.TimeToLive / 12).Select(word => word.Key)];
            foreach (var claim in due)
            {
                _lastWords[claim] = time.GetTimestamp();
            }

            if (_lastWords.Count > 0)
            {
                SetTimer(_lastWords.Min(word => UntilNextLook(word.Key, word.Value)));
            }
            else
            {
                _setFor = TimeSpan.MaxValue;
            }
        }

        foreach (var batch in due.Chunk(LockRules.MaximumBatch))
        {
            _ = keep(batch);
        }
    }

    private TimeSpan UntilNextLook(LockClaim claim, long lastWord) =>
        UntilNextWord(claim, lastWord) is var untilWord && claim.Remaining is var remaining && remaining < untilWord ? remaining : untilWord;

    private TimeSpan UntilNextWord(LockClaim claim, long lastWord) => (claim.Options.TimeToLive / 3) - time.GetElapsedTime(lastWord);

    private void SetTimer(TimeSpan next)
    {
        // Timers count whole milliseconds: one that fires a little early would only be set again.
        _setFor = next > TimeSpan.Zero ? next + _shortest : _shortest;
        _setAt = time.GetTimestamp();
        _timer!.Change(_setFor, Timeout.InfiniteTimeSpan);
    }
}
