namespace LifeRaft.Dashboard;

/// <summary>The newest events of all silos, numbered in the order in which this host learnt of them.</summary>
internal sealed class EventLog
{
    /// <summary>How many are remembered; the silos remember more.</summary>
    public const int Capacity = 4096;

    /// <summary>How many are told at once at most, so that a message stays small.</summary>
    public const int Page = 300;

    private readonly Lock _gate = new();
    private readonly Queue<EventView> _events = [];
    private long _last;

    public void Add(IEnumerable<JournalEntry> entries)
    {
        lock (_gate)
        {
            foreach (var entry in entries)
            {
                _events.Enqueue(Views.Event(entry, ++_last));
                if (_events.Count > Capacity)
                {
                    _events.Dequeue();
                }
            }
        }
    }

    /// <summary>The newest after a number: a page of all of them and one of a group's, so that a quiet group's are not crowded out.</summary>
    public IReadOnlyList<EventView> After(long number, string? group)
    {
        lock (_gate)
        {
            var newer = _events.Where(one => one.Number > number).ToList();
            var ofGroup = group is null ? [] : newer.Where(one => one.Group == group).TakeLast(Page / 2);
            return [.. newer.TakeLast(Page / 2).Union(ofGroup).OrderBy(one => one.Number)];
        }
    }

    /// <summary>The newest of one group, or of all; at most so many.</summary>
    public IReadOnlyList<EventView> Newest(string? group, int count)
    {
        lock (_gate)
        {
            return [.. _events.Where(one => group is null || one.Group == group).TakeLast(count)];
        }
    }
}
