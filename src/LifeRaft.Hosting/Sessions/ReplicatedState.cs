using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>What came of an entry.</summary>
/// <param name="Result">The result for its caller.</param>
/// <param name="Failure">What the user's machine threw instead.</param>
/// <param name="Command">The command that was applied; null where none was, because a session had repeated it, say.</param>
internal readonly record struct AppliedEntry(ReadOnlyMemory<byte> Result, Exception? Failure, ReadOnlyMemory<byte>? Command);

/// <summary>
/// What a group replicates: the user's state machine and, in front of it, the sessions of the clients. The two are one state: a
/// snapshot holds both, taken at the same entry, or a command could be remembered without having been applied, or the other way round.
/// </summary>
/// <param name="machine">The user's machine.</param>
internal sealed class ReplicatedState(IStateMachine machine)
{
    private readonly SessionTable _sessions = new();

    /// <summary>The user's machine.</summary>
    public IStateMachine Machine => machine;

    /// <summary>How many sessions are open.</summary>
    public int Sessions => _sessions.Count;

    /// <summary>The group's elapsed time at the last entry that was applied. It never goes back, though the stamps of two leaders may.</summary>
    public TimeSpan Clock { get; private set; }

    /// <summary>Applies a command, within a session or without, or lets time pass.</summary>
    public AppliedEntry Apply(LogEntry entry, GroupId group)
    {
        Clock = entry.Clock > Clock ? entry.Clock : Clock;
        var context = new CommandContext(entry.Index, entry.Term, DateTimeOffset.FromUnixTimeMilliseconds(entry.ProposedAtUnixMilliseconds))
        {
            Clock = Clock,
            Group = group,
        };
        if (entry.Kind == EntryKind.Tick)
        {
            return Elapse(context);
        }

        if (entry.Kind == EntryKind.SessionCommand)
        {
            return ApplyInSession(entry, context);
        }

        try
        {
            return new AppliedEntry(machine.Apply(context, entry.Payload), null, entry.Payload);
        }
        catch (Exception failure) when (IsResult(failure))
        {
            // Whatever a user's machine throws is the result of the command, the same on every member (raft-scenarios 56).
            return new AppliedEntry(default, failure, entry.Payload);
        }
    }

    /// <summary>Whether what a machine threw is the result of the command, and not the sign that this build of it cannot go on.</summary>
    public static bool IsResult(Exception failure) => failure is not (OutOfMemoryException or UnknownCommandException);

    /// <summary>Apart, so that only a session's command pays for the closure.</summary>
    private AppliedEntry ApplyInSession(LogEntry entry, CommandContext context)
    {
        var (reply, applied) = _sessions.Apply(entry, command => machine.Apply(context, command));
        return new AppliedEntry(reply.Encode(), null, applied);
    }

    private AppliedEntry Elapse(in CommandContext context)
    {
        try
        {
            (machine as ITimedStateMachine)?.Elapse(context);
            return default;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return new AppliedEntry(default, failure, null);
        }
    }

    /// <summary>Captures sessions, clock and machine at this moment; the writer writes one after the other.</summary>
    public Action<Stream> CaptureSnapshot()
    {
        var (sessions, clock, write) = (_sessions.State, Clock, machine.CaptureSnapshot());
        return destination =>
        {
            SessionSnapshot.Write(destination, sessions, clock);
            write(destination);
        };
    }

    /// <summary>Takes over what such a writer has written; before anything is applied.</summary>
    /// <exception cref="FormatException">The bytes are no snapshot.</exception>
    public void ReadSnapshot(Stream source)
    {
        (var sessions, Clock) = SessionSnapshot.Read(source);
        _sessions.Restore(sessions);
        machine.ReadSnapshot(source);
    }
}
