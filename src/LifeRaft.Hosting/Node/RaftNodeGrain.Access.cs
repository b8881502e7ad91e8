using Orleans.Serialization.Invocation;

namespace LifeRaft.Hosting;

/// <summary>What a client outside the silos may not do, unless the silo's options allow it.</summary>
/// <remarks>
/// Only a filter learns who calls, and Orleans asks the filter for every call of the class: it runs each in two tasks more, and copies the
/// response. So what comes with every entry, and is for everybody, is answered by the filter itself.
/// </remarks>
public partial class RaftNodeGrain : IIncomingGrainCallFilter
{
    /// <inheritdoc/>
    public Task Invoke(IIncomingGrainCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var request = context.Request;
        if (IsGuarded(request))
        {
            OutsideCallers.Refuse(context, _key, _silo.Options);
        }

        IRaftRequests node = this;
        return request.GetInterfaceType() != typeof(IRaftRequests) ? context.Invoke() : request.GetMethodName() switch
        {
            nameof(IRaftRequests.Command) => Answer(context, node.Command((ReadOnlyMemory<byte>)request.GetArgument(0)!)),
            nameof(IRaftRequests.Query) => Answer(context, node.Query((ReadOnlyMemory<byte>)request.GetArgument(0)!, (ReadConsistency)request.GetArgument(1)!)),
            _ => context.Invoke(),
        };
    }

    /// <summary>A reply is immutable, so that it need not be copied.</summary>
    private static async Task Answer(IIncomingGrainCallContext context, ValueTask<Reply> reply) => context.Response = Response.FromResult(await reply);

    private static bool IsGuarded(IInvokable request) => request.GetInterfaceType() == typeof(IRaftPeer) || request.GetMethodName() switch
    {
        nameof(IRaftNode.End) or nameof(IRaftNode.Leave) => true,
        nameof(IRaftRequests.AddMember) or nameof(IRaftRequests.RemoveMember) or nameof(IRaftRequests.ReplaceMember) or nameof(IRaftRequests.Dissolve) => true,
        nameof(IRaftNode.Receive) => request.GetArgument(0) is RaftPacket packet && IsRaft(packet.Type),
        _ => false,
    };

    private static bool IsRaft(string type) =>
        type is PacketTypes.Vote or PacketTypes.Voted or PacketTypes.Append or PacketTypes.AppendAck or PacketTypes.AppendFail;
}
