using Microsoft.Extensions.Logging;

namespace LifeRaft.Dashboard;

internal sealed partial class ActionEndpoint
{
    [LoggerMessage(4002, LogLevel.Information, "The dashboard's action '{Action}' of '{User}': {Done}", EventName = "ActionDone")]
    private partial void LogDone(string action, string user, string done);

    [LoggerMessage(4003, LogLevel.Warning, "The dashboard's action '{Action}' of '{User}' failed: {Error}", EventName = "ActionFailed")]
    private partial void LogFailed(string action, string user, string error);
}
