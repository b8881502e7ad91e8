using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

public sealed partial class WriteAheadLogStore
{
    [LoggerMessage(2301, LogLevel.Information, "Opened {Store} with {Nodes} nodes; start number {StartCount}.", EventName = "WriteAheadLogOpened")]
    private static partial void LogOpened(ILogger logger, string store, int nodes, long startCount);

    [LoggerMessage(
        2302,
        LogLevel.Warning,
        "The last commit of {File} in {Store} is incomplete from byte {Offset} on and is dropped. It was being written when the process or the machine stopped, and was never acknowledged.",
        EventName = "TornCommit")]
    private static partial void LogTornFrame(ILogger logger, string file, string store, long offset);

    [LoggerMessage(2303, LogLevel.Warning, "{Store}: what is superfluous could not be removed: {Reason} It takes room until the next start.", EventName = "WriteAheadLogNotTidied")]
    private static partial void LogNotTidied(ILogger logger, string store, string reason);
}
