using System.Net;
using System.Net.Sockets;

namespace LifeRaft.Cli;

/// <summary>
/// Looks which gateways can be connected to. Orleans' client would find out too, but tries a dead one for seconds before it goes on with
/// the others, or gives up.
/// </summary>
internal static class GatewayProbe
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    /// <summary>For each gateway why nobody answers there; null if somebody does.</summary>
    public static async Task<IReadOnlyDictionary<IPEndPoint, string?>> Look(IEnumerable<IPEndPoint> endpoints, CancellationToken cancellationToken)
    {
        var looks = endpoints.Select(async endpoint => (Endpoint: endpoint, Problem: await Look(endpoint, cancellationToken)));
        return (await Task.WhenAll(looks)).ToDictionary(look => look.Endpoint, look => look.Problem);
    }

    private static async Task<string?> Look(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_patience);
        try
        {
            await socket.ConnectAsync(endpoint, deadline.Token);
            return null;
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return "no answer";
        }
        catch (SocketException problem)
        {
            return problem.SocketErrorCode == SocketError.ConnectionRefused ? "connection refused" : problem.Message;
        }
    }
}
