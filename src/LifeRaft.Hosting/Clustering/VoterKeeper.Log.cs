using LifeRaft.Protocol;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

internal sealed partial class VoterKeeper
{
    [LoggerMessage(1, LogLevel.Information, "All voters are blank: this silo founds the group {Group} of the membership table.")]
    private partial void LogFounded(GroupId group);

    [LoggerMessage(2, LogLevel.Information, "'{Leader}' has admitted this silo as a voter of the membership table.")]
    private partial void LogAdmitted(string leader);

    [LoggerMessage(3, LogLevel.Warning, "The voter of the membership table on this silo was removed from its group; its data is deleted, and it asks to be admitted anew.")]
    private partial void LogRemoved();

    [LoggerMessage(4, LogLevel.Warning, "The voter of the membership table on this silo {Problem}.")]
    private partial void LogProblem(string problem);
}
