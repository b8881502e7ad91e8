namespace LifeRaft.Hosting;

/// <summary>What a client outside the silos may not do, unless the silo's options allow it.</summary>
public partial class RaftNodeGrain : IIncomingGrainCallFilter
{
    /// <inheritdoc/>
    public Task Invoke(IIncomingGrainCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (IsGuarded(context))
        {
            OutsideCallers.Refuse(context, _key, _silo.Options);
        }

        return context.Invoke();
    }

    private static bool IsGuarded(IIncomingGrainCallContext context)
    {
        var method = context.InterfaceMethod;
        return method.DeclaringType == typeof(IRaftPeer) || method.Name switch
        {
            nameof(IRaftNode.End) or nameof(IRaftNode.Leave) => true,
            nameof(IRaftRequests.AddMember) or nameof(IRaftRequests.RemoveMember) or nameof(IRaftRequests.ReplaceMember) or nameof(IRaftRequests.Dissolve) => true,
            nameof(IRaftNode.Receive) => context.Request.GetArgument(0) is RaftPacket packet && IsRaft(packet.Type),
            _ => false,
        };
    }

    private static bool IsRaft(string type) =>
        type is PacketTypes.Vote or PacketTypes.Voted or PacketTypes.Append or PacketTypes.AppendAck or PacketTypes.AppendFail;
}
