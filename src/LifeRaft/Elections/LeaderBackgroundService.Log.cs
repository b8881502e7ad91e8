using Microsoft.Extensions.Logging;

namespace LifeRaft;

public abstract partial class LeaderBackgroundService
{
    [LoggerMessage(1001, LogLevel.Information, "This host ('{Candidate}') leads '{Election}' with the fencing token {Token}.", EventName = "WorkBegins")]
    private partial void LogLeading(string election, string candidate, FencingToken token);

    [LoggerMessage(1002, LogLevel.Warning, "The work of '{Election}' was cancelled on this host and has stopped: the group had not been reached for so long that another host could soon lead.", EventName = "WorkCancelled")]
    private partial void LogLosing(string election);

    [LoggerMessage(1003, LogLevel.Error, "The work of '{Election}' did not stop within {StopWithin} of being cancelled, or this process stood still: another host may have begun before. Give the work a longer StopWithin, and what it changes the fencing token.", EventName = "WorkOverran")]
    private partial void LogOverrun(string election, TimeSpan stopWithin);

    [LoggerMessage(1004, LogLevel.Warning, "This host cannot campaign for '{Election}' now and tries again: {Error}", EventName = "CannotCampaign")]
    private partial void LogCannotCampaign(string election, string error);
}
