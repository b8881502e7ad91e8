using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

internal sealed partial class SystemGroup
{
    [LoggerMessage(2410, LogLevel.Information, "Silo '{Silo}' is no voter of the membership table and asks those that are: {Voters}.", EventName = "NoVoterHere")]
    private partial void LogNoVoter(string silo, string voters);
}
