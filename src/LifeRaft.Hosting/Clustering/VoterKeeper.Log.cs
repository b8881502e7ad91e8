using LifeRaft.Protocol;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

internal sealed partial class VoterKeeper
{
    [LoggerMessage(2420, LogLevel.Information, "All voters are blank: this silo founds the group {Group} of the membership table.", EventName = "MembershipTableFounded")]
    private partial void LogFounded(GroupId group);

    [LoggerMessage(2421, LogLevel.Information, "'{Leader}' has admitted this silo as a voter of the membership table.", EventName = "VoterAdmitted")]
    private partial void LogAdmitted(string leader);

    [LoggerMessage(2422, LogLevel.Warning, "The voter of the membership table on this silo was removed from its group; its data is deleted, and it asks to be admitted anew.", EventName = "VoterRemoved")]
    private partial void LogRemoved();

    [LoggerMessage(2423, LogLevel.Warning, "The voter of the membership table on this silo {Problem}.", EventName = "VoterProblem")]
    private partial void LogProblem(string problem);
}
