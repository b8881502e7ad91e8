using Microsoft.Extensions.Logging;

namespace LifeRaft.Storage.RocksDb;

public sealed partial class RocksDbLogStore
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Opened {Store} with {Nodes} nodes; start number {StartCount}.")]
    private static partial void LogOpened(ILogger logger, string store, int nodes, long startCount);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The last record of {File} in {Store} is incomplete from byte {Offset} on and is dropped. It was being written when the process or the machine stopped, and was never acknowledged.")]
    private static partial void LogTornRecord(ILogger logger, string file, string store, long offset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Store}: what a snapshot has made superfluous could not be removed: {Reason} It takes room until the next start.")]
    private static partial void LogNotTidied(ILogger logger, string store, string reason);
}
