using LifeRaft.Protocol;

namespace LifeRaft;

/// <summary>
/// What a group replicates, as a plain class. Every member has an instance of its own and applies the same commands in the same
/// order, so the outcome may depend on nothing but the state, the command and the <see cref="CommandContext"/>: no clock, no random
/// number, no other service. One method runs at a time; only the writer that <see cref="CaptureSnapshot"/> returns runs beside them.
/// </summary>
public interface IStateMachine
{
    /// <summary>
    /// Applies a committed command and returns the result for its caller. An exception is a result too: the caller gets its message,
    /// which a session remembers, so it is to be the same on every member; and the state must be what it was before. It is called once for each command while the instance lives.
    /// </summary>
    /// <param name="context">What the command may know of its surroundings.</param>
    /// <param name="command">The command. The memory is not to be kept: copy what is stored.</param>
    ReadOnlyMemory<byte> Apply(in CommandContext context, ReadOnlyMemory<byte> command);

    /// <summary>Answers a question; changes nothing.</summary>
    ReadOnlyMemory<byte> Query(ReadOnlyMemory<byte> query);

    /// <summary>
    /// Captures the whole state as it is at this moment and returns what writes it. Commands wait for the capture, so it is to return
    /// at once: keep the state in immutable collections and capture the reference, as <see cref="KeyValueMachine"/> does, or copy it
    /// if it is small.
    /// </summary>
    /// <returns>
    /// The writer. It is called once or not at all, perhaps on another thread while further commands are applied, and writes the state
    /// that was captured, without them. It leaves the stream open. Equal states write equal bytes: the hash of what is written is how
    /// members are compared. An exception means that there is no snapshot; what was written is thrown away.
    /// </returns>
    Action<Stream> CaptureSnapshot();

    /// <summary>
    /// Takes over the state that such a writer has written. It is called on a fresh instance, before anything else and perhaps on
    /// another thread than what follows. The stream may hold more than the state: what is behind it is not to be read.
    /// </summary>
    /// <exception cref="FormatException">The bytes are no snapshot, or one of a form that this version cannot read.</exception>
    void ReadSnapshot(Stream source);
}

/// <summary>What a command may know of its surroundings. It is the same on every member.</summary>
/// <param name="Index">The command's position in the log: unique, and rising.</param>
/// <param name="Term">The term of the leader that appended it.</param>
/// <param name="Time">
/// The wall clock of that leader when the command was proposed. Leaders' clocks differ, so it may go back from one command to the next.
/// </param>
public readonly record struct CommandContext(LogIndex Index, Term Term, DateTimeOffset Time);
