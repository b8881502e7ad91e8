namespace LifeRaft;

/// <summary>
/// A state machine that can tell which commands it knows before they are in the log. In a rolling upgrade silos of two builds serve one
/// group, and a command that only one of them knows would be applied by one and refused by the other: their states would part. So the
/// leader asks before it proposes, and refuses what it does not know; and a member that is given a committed command that it does not
/// know throws <see cref="UnknownCommandException"/>, which stops it.
/// </summary>
public interface IChecksCommands : IStateMachine
{
    /// <summary>Why the command cannot be applied by this build whatever the state is; null if it can. Changes nothing.</summary>
    /// <param name="command">The command, as <see cref="IStateMachine.Apply"/> would be given it.</param>
    string? Refusal(ReadOnlyMemory<byte> command);
}

/// <summary>
/// Thrown by a state machine when a committed command is of a kind that this build does not know: a newer one proposed it. It is the one
/// exception that is no result of the command, for members of the newer build apply it. The node stops, its data stays. What to do:
/// upgrade the silo; the node goes on where it stopped.
/// </summary>
/// <param name="message">What is not known, and who must be upgraded.</param>
public sealed class UnknownCommandException(string message) : Exception(message);
