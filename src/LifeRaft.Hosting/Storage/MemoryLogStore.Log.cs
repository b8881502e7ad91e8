using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

public sealed partial class MemoryLogStore
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The Raft logs of this silo are kept in memory: nothing survives this process. Use a durable log store for anything but tests and demos.")]
    private static partial void LogNothingSurvives(ILogger logger);
}
