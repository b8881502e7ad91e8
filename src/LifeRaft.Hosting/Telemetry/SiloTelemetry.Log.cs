using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

internal sealed partial class SiloTelemetry
{
    [LoggerMessage(2010, LogLevel.Warning, "Silo '{Silo}' does not answer the leaders of this silo; {Node} was the first to miss it.", EventName = "SiloSilent")]
    private partial void LogSiloSilent(string silo, NodeKey node);

    [LoggerMessage(2011, LogLevel.Information, "Silo '{Silo}' is missed by no leader of this silo any more.", EventName = "SiloHeard")]
    private partial void LogSiloHeard(string silo);

    [LoggerMessage(2012, LogLevel.Warning, "Requests are refused as overload, here to {Node}; {HeldBack} more were since this was said last. Send less, or find out what the group waits for: its disks, or its members.", EventName = "Overloaded")]
    private partial void LogOverloaded(NodeKey node, long heldBack);

    [LoggerMessage(2310, LogLevel.Warning, "A write of the log took {Milliseconds} ms, for {Entries} entries of {Bytes} bytes: as long as the shortest election timeout. {HeldBack} more such writes were since this was said last. Look at the disk.", EventName = "SlowSync")]
    private partial void LogSlowSync(double milliseconds, int entries, long bytes, long heldBack);

    [LoggerMessage(2311, LogLevel.Error, "The log store has stopped, and no node of this silo can go on.", EventName = "StoreStopped")]
    private partial void LogStoreStopped(Exception failure);
}
