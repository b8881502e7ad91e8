namespace LifeRaft;

/// <summary>
/// Commands and queries to a group's state machine, as bytes: what a client of one kind of machine (<see cref="KeyValueStore"/>, or your
/// own) is built on. <see cref="RaftGroup"/> implements it; a test may implement it with a machine and no cluster.
/// </summary>
public interface IRaftCommands
{
    /// <summary>
    /// Appends, replicates, commits and applies a command, and returns the state machine's result. When it returns, the command is
    /// durable on a majority and seen by every later linearizable query, whoever asks.
    /// </summary>
    /// <param name="command">The command, at most <c>MaximumCommandBytes</c> long. It is not to be changed before the task completes.</param>
    /// <param name="cancellationToken">Gives up waiting. A command that was sent may be applied all the same.</param>
    /// <exception cref="OutcomeUnknownException">It may or may not be applied. Find out by reading, or repeat only what may happen twice.</exception>
    /// <exception cref="CommandFailedException">The state machine threw; its state is what it was before.</exception>
    /// <exception cref="InvalidRequestException">The command is too long. Nothing was done.</exception>
    /// <exception cref="OverloadedException">Too much is waiting. Nothing was done; try later, and less at once.</exception>
    /// <exception cref="GroupUnavailableException">No leader was found in time. Nothing was done; try later, or look at the silos.</exception>
    Task<ReadOnlyMemory<byte>> Command(ReadOnlyMemory<byte> command, CancellationToken cancellationToken = default);

    /// <summary>
    /// Asks the state machine, without changing it. Linearizable unless the implementation was asked for less: the answer reflects every
    /// command that was acknowledged before the call. It may be repeated without harm.
    /// </summary>
    /// <param name="query">The query. It is not to be changed before the task completes.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="CommandFailedException">The state machine threw; the message is the machine's.</exception>
    /// <exception cref="OverloadedException">Too much is waiting; try later, and less at once.</exception>
    /// <exception cref="GroupUnavailableException">No leader was found in time; try later, or look at the silos.</exception>
    Task<ReadOnlyMemory<byte>> Query(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default);

    /// <summary>
    /// Asks a machine that is an <see cref="IWaitingStateMachine"/> and waits until it has an answer, however long that takes: through
    /// changes of leader, and while there is none. The answer is of committed commands only, though not always of the newest.
    /// </summary>
    /// <param name="query">The query. It is not to be changed before the task completes.</param>
    /// <param name="cancellationToken">Gives up waiting. Without it this may wait for ever.</param>
    /// <exception cref="CommandFailedException">The state machine threw, or cannot wait; the message is the machine's.</exception>
    /// <exception cref="GroupNotFoundException">No silo knows the group any more.</exception>
    Task<ReadOnlyMemory<byte>> Await(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default);
}
