using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

internal sealed partial class LifeRaftMembershipTable
{
    [LoggerMessage(2400, LogLevel.Warning, "This silo waits for the membership table, for {Seconds} s now. {Reason}", EventName = "MembershipTableAwaited")]
    private partial void LogWaiting(int seconds, string reason);
}
