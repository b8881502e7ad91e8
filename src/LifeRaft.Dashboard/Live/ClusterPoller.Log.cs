using Microsoft.Extensions.Logging;

namespace LifeRaft.Dashboard;

internal sealed partial class ClusterPoller
{
    [LoggerMessage(4001, LogLevel.Debug, "The dashboard could not ask the silos, and tries again: {Error}", EventName = "PollFailed")]
    private partial void LogFailed(string error);
}
