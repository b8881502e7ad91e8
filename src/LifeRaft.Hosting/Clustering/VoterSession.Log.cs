using LifeRaft.Protocol;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

internal sealed partial class VoterSession
{
    [LoggerMessage(2440, LogLevel.Information, "The membership table is led by '{Leader}' in term {Term}.", EventName = "MembershipTableLed")]
    private partial void LogLeader(string leader, Term term);

    [LoggerMessage(2441, LogLevel.Information, "The membership table has no leader that is known here; '{Former}' led before.", EventName = "MembershipTableLeaderless")]
    private partial void LogNoLeader(string former);

    [LoggerMessage(2442, LogLevel.Information, "'{Silo}' is a voter of the membership table, as member {Member}.", EventName = "VoterJoined")]
    private partial void LogJoined(string silo, MemberId member);

    [LoggerMessage(2443, LogLevel.Information, "Member {Member} of '{Silo}' is no voter of the membership table any more.", EventName = "VoterLeft")]
    private partial void LogLeft(string silo, MemberId member);

    [LoggerMessage(2444, LogLevel.Debug, "Membership table: {Reason}", EventName = "MembershipTableRefusal")]
    private partial void LogRefused(string reason);

    [LoggerMessage(2445, LogLevel.Warning, "The membership table could not be written as a snapshot: {Reason} Its log grows until it can.", EventName = "MembershipTableNoSnapshot")]
    private partial void LogNoSnapshot(string reason);

    [LoggerMessage(2446, LogLevel.Error, "The voter of the membership table on this silo has failed and is silent from now on. Look at the silo's disk, mend the cause and restart the silo; meanwhile it uses the table of the others.", EventName = "VoterFailed")]
    private partial void LogFailed(Exception failure);
}
