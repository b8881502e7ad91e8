namespace LifeRaft;

/// <summary>
/// Sends commands that do no harm when they are applied more than once: when a node does not answer within
/// <see cref="LeaderRoute.Patience"/>, another one is asked, instead of waiting for one that may stand still.
/// </summary>
internal interface IRepeatableCommands
{
    /// <inheritdoc cref="IRaftCommands.Command"/>
    Task<ReadOnlyMemory<byte>> CommandRepeatedly(ReadOnlyMemory<byte> command, CancellationToken cancellationToken);
}
