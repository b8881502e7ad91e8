namespace LifeRaft;

/// <summary>
/// Sends commands whose bytes are given away: nobody changes them any more, not even after the call has ended. They are not copied before
/// the leader makes an entry of them.
/// </summary>
internal interface IGivenCommands
{
    /// <inheritdoc cref="IRaftCommands.Command"/>
    Task<ReadOnlyMemory<byte>> CommandOnce(ReadOnlyMemory<byte> command, CancellationToken cancellationToken);

    /// <summary>
    /// Sends a command that does no harm when it is applied more than once: when a node does not answer within
    /// <see cref="LeaderRoute.Patience"/>, another one is asked, instead of waiting for one that may stand still.
    /// </summary>
    /// <inheritdoc cref="IRaftCommands.Command"/>
    Task<ReadOnlyMemory<byte>> CommandRepeatedly(ReadOnlyMemory<byte> command, CancellationToken cancellationToken);
}

/// <summary>How clients of one kind of machine, which encode each command anew, give the bytes away.</summary>
internal static class GivenCommands
{
    /// <inheritdoc cref="IGivenCommands.CommandOnce"/>
    public static Task<ReadOnlyMemory<byte>> Give(this IRaftCommands commands, byte[] command, CancellationToken cancellationToken) =>
        commands is IGivenCommands given ? given.CommandOnce(command, cancellationToken) : commands.Command(command, cancellationToken);

    /// <inheritdoc cref="IGivenCommands.CommandRepeatedly"/>
    public static Task<ReadOnlyMemory<byte>> GiveRepeatedly(this IRaftCommands commands, byte[] command, CancellationToken cancellationToken) =>
        commands is IGivenCommands given ? given.CommandRepeatedly(command, cancellationToken) : commands.Command(command, cancellationToken);
}
