using Microsoft.Extensions.Logging;

namespace LifeRaft.Dashboard;

internal sealed partial class WrongTokens
{
    [LoggerMessage(4004, LogLevel.Warning, "A wrong operators' token was presented to the dashboard, {Count} times since this was said last; now from {Address}.", EventName = "WrongToken")]
    private partial void LogWrong(int count, string address);
}
