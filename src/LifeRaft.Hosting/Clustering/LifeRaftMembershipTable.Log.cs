using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

internal sealed partial class LifeRaftMembershipTable
{
    [LoggerMessage(1, LogLevel.Warning, "This silo waits for the membership table, for {Seconds} s now. {Reason}")]
    private partial void LogWaiting(int seconds, string reason);
}
