using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

internal sealed partial class SiloRaft
{
    [LoggerMessage(1, LogLevel.Information, "LifeRaft on silo '{Silo}': log store {Store}, start {StartCount}, {Nodes} nodes.")]
    private partial void LogOpened(string silo, string store, long startCount, int nodes);

    [LoggerMessage(2, LogLevel.Warning, "Node {Node} was deactivated ({Reason}) while its silo runs; it is activated again.")]
    private partial void LogReactivating(NodeKey node, DeactivationReasonCode reason);

    [LoggerMessage(3, LogLevel.Error, "Node {Node} of this silo's log store does not run: {Reason}")]
    private partial void LogNotKept(NodeKey node, string reason);

    [LoggerMessage(4, LogLevel.Debug, "Node {Node}: {Error}")]
    private partial void LogNodeError(NodeKey node, string error);

    [LoggerMessage(5, LogLevel.Information, "The leadership of {Done} of {All} groups that were led here was handed over; the others elect a new leader.")]
    private partial void LogHandedOver(int done, int all);
}
