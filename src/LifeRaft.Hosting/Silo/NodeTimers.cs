namespace LifeRaft.Hosting;

/// <summary>
/// The timers of all nodes of a silo, which are one timer of the runtime: it knows thousands of them badly, and nodes that are woken together
/// also send their heartbeats together. A node is woken at the first tick after it is due, a little late and never early.
/// <para>
/// When the silo cannot keep up, its nodes' timers slow down together: no more are woken before most of those that were have had their turn.
/// Otherwise thousands that miss their leaders would all ask for votes again and again, and no answer would ever come in time.
/// </para>
/// </summary>
internal sealed class NodeTimers : IDisposable
{
    /// <summary>Short beside a heartbeat, so that heartbeats are not much slower than they should be.</summary>
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(2);

    /// <summary>So many nodes are woken at one tick.</summary>
    public const int AtOnce = 64;

    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();

    // By the tick at which they are due. A node may stand here more than once: one that is woken in vain looks what time it is.
    private readonly PriorityQueue<NodePump, long> _due = new();
    private long _setFor = long.MaxValue;

    // Who was woken last.
    private List<NodePump> _woken = [];

    public NodeTimers(TimeProvider time)
    {
        _time = time;
        _started = time.GetTimestamp();
        _timer = time.CreateTimer(static timers => ((NodeTimers)timers!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many wakings are to come.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _due.Count;
            }
        }
    }

    /// <summary>Wakes the node after that time, and once. Called from any thread.</summary>
    public void Wake(NodePump node, TimeSpan due)
    {
        // Rounded up: at the tick the time has come.
        var tick = (Elapsed + due + _tick - TimeSpan.FromTicks(1)).Ticks / _tick.Ticks;
        lock (_lock)
        {
            _due.Enqueue(node, tick);
            SetTimer();
        }
    }

    public void Dispose() => _timer.Dispose();

    private TimeSpan Elapsed => _time.GetElapsedTime(_started);

    private void SetTimer(long notBefore = 0)
    {
        if (_due.TryPeek(out _, out var tick) && tick < _setFor)
        {
            tick = Math.Max(tick, notBefore);
            _setFor = tick;

            // The runtime's timer takes whole milliseconds, and would cut off the rest and fire again and again until the time has come.
            var wait = Math.Ceiling(((tick * _tick) - Elapsed).TotalMilliseconds);
            _timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, wait)), Timeout.InfiniteTimeSpan);
        }
    }

    private void Fire()
    {
        var now = Elapsed.Ticks / _tick.Ticks;
        List<NodePump> woken = [];
        lock (_lock)
        {
            while (!IsBehind && woken.Count < AtOnce && _due.TryPeek(out var node, out var tick) && tick <= now)
            {
                _due.Dequeue();
                if (!node.IsOver)
                {
                    woken.Add(node);
                }
            }

            _woken = woken.Count > 0 ? woken : _woken;
            _setFor = long.MaxValue;
            SetTimer(notBefore: now + 1);
        }

        foreach (var node in woken)
        {
            node.Wake();
        }
    }

    /// <summary>Whether most of a full load have not had their turn. A few may hang, and hold up nobody.</summary>
    private bool IsBehind => _woken.Count == AtOnce && _woken.Count(node => !node.IsOver && node.Overdue > TimeSpan.Zero) > AtOnce / 2;
}
