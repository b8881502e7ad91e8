namespace LifeRaft.Simulation;

/// <summary>The only clock and the only scheduler of a run: what happens next is what is due first, and of that what was planned first.</summary>
internal sealed class EventQueue
{
    private readonly PriorityQueue<Action, (long Due, long Order)> _planned = new();
    private long _order;

    /// <summary>Virtual time since the beginning of the run.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>How many events have happened.</summary>
    public long Happened { get; private set; }

    public void After(TimeSpan delay, Action happens) =>
        _planned.Enqueue(happens, ((Now + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero)).Ticks, _order++));

    /// <summary>Lets everything happen that is due by then, or until the condition holds; returns whether it does.</summary>
    public bool RunUntil(TimeSpan end, Func<bool>? condition = null)
    {
        while (condition?.Invoke() != true)
        {
            if (!_planned.TryPeek(out var happens, out var key) || key.Due > end.Ticks)
            {
                Now = end;
                return false;
            }

            _planned.Dequeue();
            Now = new TimeSpan(key.Due);
            Happened++;
            happens();
        }

        return true;
    }
}
