namespace LifeRaft.TestingHost.Tests;

public sealed class TestTimeTests
{
    private readonly TestTime _time = new();
    private int _fired;

    [Fact]
    public void A_timer_comes_due_by_time_that_is_added()
    {
        using var timer = Timer(TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        _time.Add(TimeSpan.FromMinutes(59));
        Assert.Equal(0, _fired);
        _time.Add(TimeSpan.FromMinutes(1));
        Assert.Equal(1, _fired);
        _time.Add(TimeSpan.FromHours(5));
        Assert.Equal(1, _fired);
        timer.Change(TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        _time.Add(TimeSpan.FromHours(1));
        Assert.Equal(2, _fired);
    }

    [Fact]
    public void A_timer_repeats_and_ends()
    {
        var timer = Timer(TimeSpan.Zero, TimeSpan.FromHours(1));
        for (var hour = 0; hour < 3; hour++)
        {
            _time.Add(TimeSpan.FromHours(1));
        }

        Assert.InRange(_fired, 3, 4); // The first one at once, by real time.
        timer.Dispose();
        var fired = _fired;
        _time.Add(TimeSpan.FromHours(1));
        Assert.Equal(fired, _fired);
    }

    [Fact]
    public async Task A_timer_comes_due_by_real_time_too()
    {
        var due = new TaskCompletionSource();
        using var timer = _time.CreateTimer(_ => due.SetResult(), null, TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        await due.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Both_clocks_show_what_was_added()
    {
        var (time, stamp) = (_time.GetUtcNow(), _time.GetTimestamp());
        _time.Add(TimeSpan.FromDays(2));
        Assert.True(_time.GetElapsedTime(stamp) >= TimeSpan.FromDays(2));
        Assert.True(_time.GetUtcNow() - time >= TimeSpan.FromDays(2));
        Assert.True(_time.GetElapsedTime(stamp) < TimeSpan.FromDays(3));
    }

    private ITimer Timer(TimeSpan due, TimeSpan period) => _time.CreateTimer(_ => Interlocked.Increment(ref _fired), null, due, period);
}
