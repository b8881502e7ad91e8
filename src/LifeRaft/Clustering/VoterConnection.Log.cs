using Microsoft.Extensions.Logging;

namespace LifeRaft;

internal sealed partial class VoterConnection
{
    [LoggerMessage(1010, LogLevel.Debug, "Connected to voter '{Voter}' at {EndPoint}.", EventName = "VoterConnected")]
    private partial void LogConnected(string voter, VoterEndPoint endPoint);

    [LoggerMessage(1011, LogLevel.Warning, "No connection to voter '{Voter}' at {EndPoint}: {Problem}. It is dialled again.", EventName = "VoterConnectionLost")]
    private partial void LogLost(string voter, VoterEndPoint endPoint, string problem);

    [LoggerMessage(1012, LogLevel.Error, "Voter '{Voter}' at {EndPoint} refuses this connection: {Problem}", EventName = "VoterRefusedConnection")]
    private partial void LogRefused(string voter, VoterEndPoint endPoint, string problem);
}
