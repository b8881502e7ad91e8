namespace LifeRaft;

/// <summary>
/// Gives notice of the end of a leadership while there is still time to stop: so long before it could be lost, at once when it is, and when
/// the host stops. Each word from the group puts the end off.
/// </summary>
internal sealed class LeadershipNotice : IAsyncDisposable
{
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(1);
    private readonly Leadership _leadership;
    private readonly TimeSpan _ahead;
    private readonly CancellationTokenSource _given;
    private readonly CancellationTokenRegistration _lost;
    private readonly ITimer _timer;

    public LeadershipNotice(Leadership leadership, TimeSpan ahead, TimeProvider time, CancellationToken stoppingToken)
    {
        (_leadership, _ahead) = (leadership, ahead);
        _given = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        _lost = leadership.Lost.UnsafeRegister(static notice => ((LeadershipNotice)notice!).Give(), this);
        _timer = time.CreateTimer(static notice => ((LeadershipNotice)notice!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Look();
    }

    /// <summary>Cancelled when the work is to stop.</summary>
    public CancellationToken Token => _given.Token;

    /// <summary>Whether it was given because of the leadership, and not because the host stops.</summary>
    public bool IsLosing { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _lost.DisposeAsync();
        await _timer.DisposeAsync();
        _given.Dispose();
    }

    private void Look()
    {
        var left = _leadership.Remaining - _ahead;
        if (left <= TimeSpan.Zero)
        {
            Give();
        }
        else
        {
            _timer.Change(left + _shortest, Timeout.InfiniteTimeSpan); // Timers count whole milliseconds.
        }
    }

    private void Give()
    {
        IsLosing = true;
        _ = _given.CancelAsync(); // Sets the token now, and calls back elsewhere: the work is not to hold up a timer.
    }
}
