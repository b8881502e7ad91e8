using Microsoft.Extensions.Logging;

namespace LifeRaft.Storage.RocksDb;

public sealed partial class RocksDbLogStore
{
    [LoggerMessage(3000, LogLevel.Information, "Opened {Store} with {Nodes} nodes; start number {StartCount}.", EventName = "RocksDbOpened")]
    private static partial void LogOpened(ILogger logger, string store, int nodes, long startCount);

    [LoggerMessage(
        3001,
        LogLevel.Warning,
        "The last record of {File} in {Store} is incomplete from byte {Offset} on and is dropped. It was being written when the process or the machine stopped, and was never acknowledged.",
        EventName = "TornRecord")]
    private static partial void LogTornRecord(ILogger logger, string file, string store, long offset);

    [LoggerMessage(3002, LogLevel.Warning, "{Store}: what a snapshot has made superfluous could not be removed: {Reason} It takes room until the next start.", EventName = "NotTidied")]
    private static partial void LogNotTidied(ILogger logger, string store, string reason);
}
