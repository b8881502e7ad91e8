using LifeRaft.Protocol;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

internal sealed partial class VoterSession
{
    [LoggerMessage(1, LogLevel.Information, "The membership table is led by '{Leader}' in term {Term}.")]
    private partial void LogLeader(string leader, Term term);

    [LoggerMessage(2, LogLevel.Information, "The membership table has no leader that is known here; '{Former}' led before.")]
    private partial void LogNoLeader(string former);

    [LoggerMessage(3, LogLevel.Information, "'{Silo}' is a voter of the membership table, as member {Member}.")]
    private partial void LogJoined(string silo, MemberId member);

    [LoggerMessage(4, LogLevel.Information, "Member {Member} of '{Silo}' is no voter of the membership table any more.")]
    private partial void LogLeft(string silo, MemberId member);

    [LoggerMessage(5, LogLevel.Debug, "Membership table: {Reason}")]
    private partial void LogRefused(string reason);

    [LoggerMessage(6, LogLevel.Warning, "The membership table could not be written as a snapshot: {Reason} Its log grows until it can.")]
    private partial void LogNoSnapshot(string reason);

    [LoggerMessage(7, LogLevel.Error, "The voter of the membership table on this silo has failed and is silent from now on. Look at the silo's disk, mend the cause and restart the silo; meanwhile it uses the table of the others.")]
    private partial void LogFailed(Exception failure);
}
