using System.Net;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

internal sealed partial class VoterListener
{
    [LoggerMessage(2430, LogLevel.Information, "This silo is a voter of the membership table, and listens for the others at {EndPoint}.", EventName = "VoterListening")]
    private partial void LogListening(EndPoint endPoint);

    [LoggerMessage(2431, LogLevel.Warning, "A connection was not accepted: {Reason}.", EventName = "ConnectionNotAccepted")]
    private partial void LogNotAccepted(string reason);

    [LoggerMessage(2432, LogLevel.Warning, "The connection from {From} was refused: {Reason}", EventName = "ConnectionRefused")]
    private partial void LogRefused(string from, string reason);

    [LoggerMessage(2433, LogLevel.Debug, "The connection from {From} has ended: {Reason}", EventName = "ConnectionEnded")]
    private partial void LogEnded(string from, string reason);
}
