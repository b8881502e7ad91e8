using LifeRaft.Protocol;

namespace LifeRaft;

/// <summary>
/// What a group replicates, as a plain class. Every member has an instance of its own and applies the same commands in the same
/// order, so the outcome may depend on nothing but the state, the command and the <see cref="CommandContext"/>: no clock, no random
/// number, no other service. One method runs at a time.
/// </summary>
public interface IStateMachine
{
    /// <summary>
    /// Applies a committed command and returns the result for its caller. An exception is a result too: the caller gets its message,
    /// and the state must be what it was before. It is called once for each command while the instance lives.
    /// </summary>
    /// <param name="context">What the command may know of its surroundings.</param>
    /// <param name="command">The command. The memory is not to be kept: copy what is stored.</param>
    ReadOnlyMemory<byte> Apply(in CommandContext context, ReadOnlyMemory<byte> command);

    /// <summary>Answers a question; changes nothing.</summary>
    ReadOnlyMemory<byte> Query(ReadOnlyMemory<byte> query);

    /// <summary>
    /// Writes the whole state. Equal states write equal bytes: the hash of what is written is how members are compared.
    /// </summary>
    void WriteSnapshot(Stream destination);

    /// <summary>Replaces the state by one that <see cref="WriteSnapshot"/> has written.</summary>
    void ReadSnapshot(Stream source);
}

/// <summary>What a command may know of its surroundings. It is the same on every member.</summary>
/// <param name="Index">The command's position in the log: unique, and rising.</param>
/// <param name="Term">The term of the leader that appended it.</param>
/// <param name="Time">
/// The wall clock of that leader when the command was proposed. Leaders' clocks differ, so it may go back from one command to the next.
/// </param>
public readonly record struct CommandContext(LogIndex Index, Term Term, DateTimeOffset Time);
