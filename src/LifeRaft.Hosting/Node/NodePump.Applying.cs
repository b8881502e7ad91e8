using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>The end of what a turn does: entries are applied, and whoever waits is answered.</summary>
internal sealed partial class NodePump
{
    private void Apply(IReadOnlyList<EntryToApply> entries)
    {
        foreach (var (entry, caller) in entries)
        {
            _snapshots.Applied(entry);
            if (entry.Kind is EntryKind.Command or EntryKind.SessionCommand or EntryKind.Tick)
            {
                ApplyCommand(entry, (PumpCaller?)caller);
            }
            else if (caller is PumpCaller waiting)
            {
                waiting.Applied(default);
                _told.Enqueue(waiting);
            }
        }

        if (entries.Count > 0)
        {
            _node.Applied(entries[^1].Entry.Index, Now());
            _ports.Meter?.EntriesApplied(entries.Count);
        }
    }

    private void ApplyCommand(LogEntry entry, PumpCaller? caller)
    {
        var (result, failure, command) = State.Apply(entry, _node.Identity.Group);
        _clock.Applied(entry, Now());
        if (caller?.ArrivedAt >= 0)
        {
            Measure(caller, failure);
        }

        if (failure is null)
        {
            caller?.Applied(result);
        }
        else
        {
            caller?.ApplyFailed(failure);
            if (entry.Kind == EntryKind.Tick)
            {
                _ports.Observer.ElapseFailed(failure);
            }
        }

        if (caller is not null)
        {
            _told.Enqueue(caller);
        }

        if (command is { } applied)
        {
            _ports.Observer.Applied(entry, applied);
        }
    }

    private void Measure(PumpCaller caller, Exception? failure)
    {
        var duration = _ports.Time.GetElapsedTime(caller.ArrivedAt);
        CommitDurations.Record(duration);
        _ports.Meter?.Applied(duration, hasFailed: failure is not null);
        if (caller.Activity is { } activity)
        {
            _traces.Applied(activity, failure);
        }
    }

    private void Answer(IReadOnlyList<Answer> answers)
    {
        foreach (var answer in answers)
        {
            var caller = (PumpCaller)answer.Caller;
            if (caller.ArrivedAt >= 0)
            {
                _ports.Meter?.Answered(answer.Outcome);
            }

            if (caller.Activity is { } activity)
            {
                _traces.Answered(activity, answer.Outcome);
            }

            caller.Answered(answer, State.Machine);
            _told.Enqueue(caller);
        }
    }

    private void LetCallersGoOn()
    {
        while (_told.TryDequeue(out var caller))
        {
            caller.TurnEnded();
        }
    }
}
