using Microsoft.Extensions.Logging;

namespace LifeRaft.Dashboard;

internal sealed partial class ActionEndpoint
{
    [LoggerMessage(202, LogLevel.Information, "The dashboard's action '{Action}' of '{User}': {Done}")]
    private partial void LogDone(string action, string user, string done);

    [LoggerMessage(203, LogLevel.Warning, "The dashboard's action '{Action}' of '{User}' failed: {Error}")]
    private partial void LogFailed(string action, string user, string error);
}
