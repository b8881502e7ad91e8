namespace LifeRaft;

/// <summary>
/// One request of this process, and until when it can rely on it. The group ends a request no earlier than its time to live after the last
/// word that it has acknowledged. So the claim counts from before that word was sent, by this process's own clock, and allows for a clock
/// that runs slow: it stops first.
/// </summary>
#pragma warning disable CA1001 // A handle's holder may look at the token at any time; without a timer in it there is nothing to dispose of.
internal sealed class LockClaim(string name, LockOptions options, TimeProvider time)
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _lost = new();
    private readonly Lock _lock = new();
    private long _renewedAt;
    private bool _isAcknowledged;
    private bool _isOver;
    private volatile bool _isDoubtful;

    public Guid Id { get; } = Guid.NewGuid();

    public string Name { get; } = name;

    public LockOptions Options { get; } = options;

    /// <summary>Cancelled when the claim was lost; not when it was given up.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Whether a copy of the request may still be under way that nobody waits for.</summary>
    public bool IsDoubtful => _isDoubtful;

    /// <summary>How long it can be relied on without another word.</summary>
    public TimeSpan Reliable { get; } = HolderClock.Reliable(options.TimeToLive);

    /// <summary>Whether it stands. It looks at the clock: a process that stood still finds out here, whichever timer fires first.</summary>
    public bool IsAlive => Remaining > TimeSpan.Zero;

    /// <summary>For how long it stands without another word; zero once it is over.</summary>
    public TimeSpan Remaining
    {
        get
        {
            lock (_lock)
            {
                var remaining = _isOver || !_isAcknowledged ? TimeSpan.Zero : Reliable - time.GetElapsedTime(_renewedAt);
                if (remaining <= TimeSpan.Zero && _isAcknowledged && !_isOver)
                {
                    Lose();
                }

                return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
            }
        }
    }

    /// <summary>The group has acknowledged what was sent at that time. Returns whether that is recent enough to rely on.</summary>
    public bool Renewed(long sentAt)
    {
        lock (_lock)
        {
            if (_isOver || time.GetElapsedTime(sentAt) >= Reliable)
            {
                return false;
            }

            // Acknowledgements may arrive in another order than they were sent in.
            _renewedAt = _isAcknowledged ? Math.Max(_renewedAt, sentAt) : sentAt;
            _isAcknowledged = true;
            return true;
        }
    }

    /// <summary>Something that was sent about it was not answered, or late.</summary>
    public void Doubt() => _isDoubtful = true;

    /// <summary>It is known, or must be feared, that the group has ended it.</summary>
    public void Lose()
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                _isOver = true;
                _ = _lost.CancelAsync(); // Sets the token now, and calls back elsewhere: what they do is not to hold up other claims.
            }
        }
    }

    /// <summary>Its owner does not want it any more. Returns whether it was held until now.</summary>
    public bool GiveUp()
    {
        lock (_lock)
        {
            var wasOurs = !_isOver;
            _isOver = true;
            return wasOurs;
        }
    }
}
