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

    /// <summary>Applies a command, within a session or without.</summary>
    public AppliedEntry Apply(LogEntry entry)
    {
        var context = new CommandContext(entry.Index, entry.Term, DateTimeOffset.FromUnixTimeMilliseconds(entry.ProposedAtUnixMilliseconds));
        if (entry.Kind == EntryKind.SessionCommand)
        {
            var (reply, applied) = _sessions.Apply(entry, command => machine.Apply(context, command));
            return new AppliedEntry(reply.Encode(), null, applied);
        }

        try
        {
            return new AppliedEntry(machine.Apply(context, entry.Payload), null, entry.Payload);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Whatever a user's machine throws is the result of the command, the same on every member (raft-scenarios 56).
            return new AppliedEntry(default, failure, entry.Payload);
        }
    }

    /// <summary>Captures sessions and machine at this moment; the writer writes the one, then the other.</summary>
    public Action<Stream> CaptureSnapshot()
    {
        var (sessions, write) = (_sessions.State, machine.CaptureSnapshot());
        return destination =>
        {
            SessionSnapshot.Write(destination, sessions);
            write(destination);
        };
    }

    /// <summary>Takes over what such a writer has written; before anything is applied.</summary>
    /// <exception cref="FormatException">The bytes are no snapshot.</exception>
    public void ReadSnapshot(Stream source)
    {
        _sessions.Restore(SessionSnapshot.Read(source));
        machine.ReadSnapshot(source);
    }
}
