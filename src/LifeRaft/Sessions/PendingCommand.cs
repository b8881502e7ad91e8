namespace LifeRaft;

/// <summary>
/// A command of a session whose outcome was still unknown at its deadline. The session can find out: it remembers the command's number,
/// and the group what became of it.
/// </summary>
public sealed class PendingCommand
{
    private readonly RaftSession _session;
    private int _unresolved;

    internal PendingCommand(RaftSession session, long number, ReadOnlyMemory<byte> command)
    {
        _session = session;
        Number = number;
        Command = command;
    }

    /// <summary>The command's number in its session.</summary>
    public long Number { get; }

    internal ReadOnlyMemory<byte> Command { get; private set; }

    /// <summary>Whether an attempt was made of which nobody knows what became.</summary>
    internal bool MayBeApplied => Volatile.Read(ref _unresolved) > 0;

    /// <summary>
    /// Sends the command again under its number and returns its result: it is applied now if it was not, and not again if it was.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting; it may be repeated still.</param>
    /// <exception cref="OutcomeUnknownException">
    /// It is still unknown at the session's deadline; or, without <see cref="OutcomeUnknownException.Pending"/>, for ever: the session has
    /// ended, or has begun so many commands since that the group no longer remembers this one.
    /// </exception>
    /// <exception cref="CommandFailedException">The state machine threw; its state is what it was before.</exception>
    /// <exception cref="ResultForgottenException">It was applied, and the result is no longer remembered.</exception>
    public Task<ReadOnlyMemory<byte>> Repeat(CancellationToken cancellationToken = default) => _session.Repeat(this, cancellationToken);

    /// <summary>Another attempt leaves.</summary>
    internal void Attempted() => Interlocked.Increment(ref _unresolved);

    /// <summary>An attempt was refused: through it nothing was done.</summary>
    internal void Refused() => Interlocked.Decrement(ref _unresolved);

    /// <summary>The caller is told, and may use the memory for something else.</summary>
    internal void KeepCopy() => Command = Command.ToArray();
}
