using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

public sealed partial class WriteAheadLogStore
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Store} is open: {Nodes} nodes, start {StartCount}.")]
    private static partial void LogOpened(ILogger logger, string store, int nodes, long startCount);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} of the {Store} ends in a commit that was not finished at {Offset}; it was acknowledged to nobody and is cut off.")]
    private static partial void LogTornFrame(ILogger logger, string file, string store, long offset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Store} could not remove what is superfluous: {Reason} It is tried again at the next start.")]
    private static partial void LogNotTidied(ILogger logger, string store, string reason);
}
