using Microsoft.Extensions.Logging;

namespace LifeRaft.Dashboard;

internal sealed partial class ClusterPoller
{
    [LoggerMessage(201, LogLevel.Debug, "The dashboard could not ask the silos, and tries again: {Error}")]
    private partial void LogFailed(string error);
}
