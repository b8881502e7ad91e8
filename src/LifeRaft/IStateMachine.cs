using LifeRaft.Protocol;

namespace LifeRaft;

/// <summary>
/// What a group replicates, as a plain class. Every member has an instance of its own and applies the same commands in the same
/// order, so the outcome may depend on nothing but the state, the command and the <see cref="CommandContext"/>: no clock, no random
/// number, no culture of the machine that it runs on, no other service. One method runs at a time; only the writer that <see cref="CaptureSnapshot"/> returns runs beside them.
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

/// <summary>
/// A machine in which something is to happen when time has passed: leases that end, for instance. The leader sees to it that
/// <see cref="Elapse"/> is applied, through the log, soon after the <see cref="Deadline"/>.
/// </summary>
public interface ITimedStateMachine : IStateMachine
{
    /// <summary>
    /// When the next thing is to happen, by <see cref="CommandContext.Clock"/>; null for nothing. It is looked at after every batch of
    /// commands, so it is to be cheap.
    /// </summary>
    TimeSpan? Deadline { get; }

    /// <summary>
    /// Lets time pass: does everything that is due at the context's clock. It is an entry of the log like any command and as
    /// deterministic. It may be applied when nothing is due. Nothing of it may throw.
    /// </summary>
    void Elapse(in CommandContext context);
}

/// <summary>
/// A machine that can be asked for what is not there yet: the next change, a lock that is free. The question waits at the leader and
/// is looked at again after each batch of commands (<see cref="IRaftCommands.Await"/>).
/// </summary>
public interface IWaitingStateMachine : IStateMachine
{
    /// <summary>Answers a question, or says that there is no answer yet. It changes nothing, and is to be cheap: it is asked often.</summary>
    /// <param name="query">The question. The memory is not to be changed.</param>
    /// <param name="answer">The answer, if there is one.</param>
    /// <returns>False to be asked again when the state has changed.</returns>
    bool TryAnswer(ReadOnlyMemory<byte> query, out ReadOnlyMemory<byte> answer);
}

/// <summary>What a command may know of its surroundings. It is the same on every member.</summary>
/// <param name="Index">The command's position in the log: unique, and rising.</param>
/// <param name="Term">The term of the leader that appended it.</param>
/// <param name="Time">
/// The wall clock of that leader when the command was proposed. Leaders' clocks differ, so it may go back from one command to the next.
/// </param>
public readonly record struct CommandContext(LogIndex Index, Term Term, DateTimeOffset Time)
{
    /// <summary>
    /// How much time has passed in the life of the group, to the millisecond. It never goes back, and between two commands never shows more than what
    /// really passed between their proposals (up to the rate of the silos' clocks, see MaximumClockDrift); it may show less, at most by the time
    /// the group took to commit something or to find a new leader. So what a client was promised for 10 s of this clock
    /// has not ended before 10 s have passed since it asked.
    /// </summary>
    public TimeSpan Clock { get; init; }

    /// <summary>The group, whose random id no other group has.</summary>
    public GroupId Group { get; init; }
}
