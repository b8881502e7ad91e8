using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

public sealed partial class MemoryLogStore
{
    [LoggerMessage(
        2300,
        LogLevel.Warning,
        "The Raft logs of this silo are kept in memory: nothing survives this process. Use a durable log store for anything but tests and demos.",
        EventName = "NothingSurvives")]
    private static partial void LogNothingSurvives(ILogger logger);
}
