using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

internal sealed partial class SiloRaft
{
    [LoggerMessage(2001, LogLevel.Information, "LifeRaft on silo '{Silo}': log store {Store}, start {StartCount}, {Nodes} nodes.", EventName = "SiloOpened")]
    private partial void LogOpened(string silo, string store, long startCount, int nodes);

    [LoggerMessage(2002, LogLevel.Warning, "Node {Node} was deactivated ({Reason}) while its silo runs; it is activated again.", EventName = "NodeReactivated")]
    private partial void LogReactivating(NodeKey node, DeactivationReasonCode reason);

    [LoggerMessage(2003, LogLevel.Error, "Node {Node} of this silo's log store does not run: {Reason}", EventName = "NodeNotKept")]
    private partial void LogNotKept(NodeKey node, string reason);

    [LoggerMessage(2004, LogLevel.Debug, "Node {Node}: {Error}", EventName = "NodeError")]
    private partial void LogNodeError(NodeKey node, string error);

    [LoggerMessage(2005, LogLevel.Information, "The leadership of {Done} of {All} groups that were led here was handed over; the others elect a new leader.", EventName = "LeadershipsHandedOver")]
    private partial void LogHandedOver(int done, int all);
}
