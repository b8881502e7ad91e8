using System.Net;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

internal sealed partial class VoterListener
{
    [LoggerMessage(1, LogLevel.Information, "This silo is a voter of the membership table, and listens for the others at {EndPoint}.")]
    private partial void LogListening(EndPoint endPoint);

    [LoggerMessage(2, LogLevel.Warning, "A connection was not accepted: {Reason}.")]
    private partial void LogNotAccepted(string reason);

    [LoggerMessage(3, LogLevel.Warning, "The connection from {From} was refused: {Reason}")]
    private partial void LogRefused(string from, string reason);

    [LoggerMessage(4, LogLevel.Debug, "The connection from {From} has ended: {Reason}")]
    private partial void LogEnded(string from, string reason);
}
