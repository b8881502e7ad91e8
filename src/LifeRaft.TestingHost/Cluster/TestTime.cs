namespace LifeRaft.TestingHost;

/// <summary>Real time, and what a test has added to it. Timers come due by both.</summary>
internal sealed class TestTime : TimeProvider
{
    private readonly long _started = System.GetTimestamp();
    private readonly Lock _lock = new();

    // Guarded by _lock.
    private readonly HashSet<Timer> _timers = [];
    private TimeSpan _added;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    private TimeSpan Elapsed
    {
        get
        {
            lock (_lock)
            {
                return System.GetElapsedTime(_started) + _added;
            }
        }
    }

    public override long GetTimestamp() => Elapsed.Ticks;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return System.GetUtcNow() + _added;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Adds time, and runs the timers that come due by it.</summary>
    public void Add(TimeSpan time)
    {
        List<Timer> timers;
        lock (_lock)
        {
            _added += time;
            timers = [.. _timers];
        }

        foreach (var timer in timers)
        {
            timer.FireIfDue();
        }
    }

    private sealed class Timer : ITimer
    {
        private readonly TestTime _time;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly ExecutionContext? _context = ExecutionContext.Capture();
        private readonly ITimer _real;

        // Guarded by the time's lock.
        private TimeSpan _due = TimeSpan.MaxValue;
        private TimeSpan _period;

        public Timer(TestTime time, TimerCallback callback, object? state)
        {
            (_time, _callback, _state) = (time, callback, state);
            _real = System.CreateTimer(static timer => ((Timer)timer!).FireIfDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_time._lock)
            {
                _period = period > TimeSpan.Zero ? period : TimeSpan.Zero;
                Set(dueTime < TimeSpan.Zero ? TimeSpan.MaxValue : _time.Elapsed + dueTime);
                return true;
            }
        }

        public void FireIfDue()
        {
            lock (_time._lock)
            {
                var now = _time.Elapsed;
                if (_due > now)
                {
                    Set(_due); // The real one fires a little early at times.
                    return;
                }

                Set(_period > TimeSpan.Zero ? now + _period : TimeSpan.MaxValue);
            }

            if (_context is null)
            {
                _callback(_state);
            }
            else
            {
                ExecutionContext.Run(_context, static timer => ((Timer)timer!)._callback(((Timer)timer)._state), this);
            }
        }

        public void Dispose()
        {
            lock (_time._lock)
            {
                Set(TimeSpan.MaxValue);
            }

            _real.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Set(TimeSpan due)
        {
            _due = due;
            if (due == TimeSpan.MaxValue)
            {
                _time._timers.Remove(this);
                _real.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return;
            }

            _time._timers.Add(this);
            var left = due - _time.Elapsed;
            var longest = TimeSpan.FromDays(1); // Looked at again then: real timers end at 49 days.
            _real.Change(left <= TimeSpan.Zero ? TimeSpan.Zero : left < longest ? left + TimeSpan.FromMilliseconds(1) : longest, Timeout.InfiniteTimeSpan);
        }
    }
}
