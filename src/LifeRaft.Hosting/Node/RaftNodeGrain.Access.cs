namespace LifeRaft.Hosting;

/// <summary>
/// What a client outside the silos may do. Whoever reaches a gateway can call any grain, so what destroys data or speaks for a member is
/// refused there unless the silo's options allow it.
/// </summary>
public partial class RaftNodeGrain : IIncomingGrainCallFilter
{
    /// <inheritdoc/>
    public Task Invoke(IIncomingGrainCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.SourceId is { } source && IsOutside(source) && !_silo.Options.AllowDestructiveCallsFromClients && IsGuarded(context))
        {
            throw new InvalidRequestException($"{context.InterfaceMethod.Name} on {_key} was refused: it can destroy data or speak for a member, and the caller is a client outside the silos. Call it from a silo, or set {nameof(RaftOptions.AllowDestructiveCallsFromClients)} there.");
        }

        return context.Invoke();
    }

    private static bool IsOutside(GrainId source) =>
        source.Type.AsSpan().SequenceEqual("sys.client"u8) && !source.Key.AsSpan().StartsWith("hosted-"u8);

    private static bool IsGuarded(IIncomingGrainCallContext context)
    {
        var method = context.InterfaceMethod;
        return method.DeclaringType == typeof(IRaftPeer) || method.Name switch
        {
            nameof(IRaftNode.End) or nameof(IRaftNode.Leave) => true,
            nameof(IRaftRequests.AddMember) or nameof(IRaftRequests.RemoveMember) or nameof(IRaftRequests.Dissolve) => true,
            nameof(IRaftNode.Receive) => context.Request.GetArgument(0) is RaftPacket packet && IsRaft(packet.Type),
            _ => false,
        };
    }

    private static bool IsRaft(string type) =>
        type is PacketTypes.Vote or PacketTypes.Voted or PacketTypes.Append or PacketTypes.AppendAck or PacketTypes.AppendFail;
}
