using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

internal sealed partial class SystemGroup
{
    [LoggerMessage(2410, LogLevel.Information, "Silo '{Silo}' is no voter of the membership table and asks those that are: {Voters}.", EventName = "NoVoterHere")]
    private partial void LogNoVoter(string silo, string voters);

    [LoggerMessage(2411, LogLevel.Warning, "This silo stops while the membership table cannot be had: others go on to count it as running until it starts again, or until they find out. {Reason}", EventName = "StopsWithoutMembershipTable")]
    private partial void LogStopsWithoutTable(string reason);
}
