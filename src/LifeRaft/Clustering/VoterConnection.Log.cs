using Microsoft.Extensions.Logging;

namespace LifeRaft;

internal sealed partial class VoterConnection
{
    private string? _reported;

    [LoggerMessage(1, LogLevel.Debug, "Connected to voter '{Voter}' at {EndPoint}.")]
    private partial void LogConnected(string voter, VoterEndPoint endPoint);

    [LoggerMessage(2, LogLevel.Warning, "No connection to voter '{Voter}' at {EndPoint}: {Problem}. It is dialled again.")]
    private partial void LogLost(string voter, VoterEndPoint endPoint, string problem);

    [LoggerMessage(3, LogLevel.Error, "Voter '{Voter}' at {EndPoint} refuses this connection: {Problem}")]
    private partial void LogRefused(string voter, VoterEndPoint endPoint, string problem);
}
