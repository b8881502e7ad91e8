using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>
/// The group's clock is never fast: between any two entries, in the order of the log, it shows no more than what really passed between
/// their proposals, counted by the fastest clock that there is. Otherwise a lease could end before its time.
/// </summary>
internal sealed class ClockJudge(Judges judges, Counts counts)
{
    private TimeSpan _clock;
    private LogEntry? _latest;

    // Of all entries so far: by how much the clock was ahead of the fastest true time, at the least.
    private TimeSpan _leastLead = TimeSpan.MaxValue;

    public void Committed(LogEntry entry)
    {
        if (entry.Kind is not (EntryKind.Command or EntryKind.SessionCommand))
        {
            return;
        }

        var proposed = TimeSpan.FromMicroseconds(entry.ProposedAtUnixMilliseconds);
        var advanced = entry.Clock > _clock ? entry.Clock - _clock : TimeSpan.Zero;
        _clock += advanced;
        counts.GroupClockMilliseconds += (long)advanced.TotalMilliseconds;
        var lead = _clock - (proposed * RunSettings.Clocks.Fastest / 1000);
        if (_latest is not null && lead > _leastLead + TimeSpan.FromMilliseconds(1))
        {
            judges.Break("the group's clock is never fast", $"at {entry} it shows {_clock}, {(lead - _leastLead).TotalMilliseconds:0} ms more than could have passed since an entry before; the last one was {_latest}");
        }

        _leastLead = lead < _leastLead ? lead : _leastLead;
        _latest = entry;
    }
}
