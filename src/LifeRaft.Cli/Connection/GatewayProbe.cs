using System.Net;
using System.Net.Sockets;

namespace LifeRaft.Cli;

/// <summary>
/// Looks which gateways can be connected to. Orleans' client would find out too, but tries a dead one for seconds before it goes on with
/// the others, or gives up.
/// </summary>
/// <param name="connect">Connects to one, and hangs up.</param>
/// <param name="time">The clock.</param>
internal sealed class GatewayProbe(Func<IPEndPoint, CancellationToken, Task> connect, TimeProvider time)
{
    /// <summary>How long the others are waited for once one has answered.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>That of the network.</summary>
    public static GatewayProbe Network { get; } = new(Connect, TimeProvider.System);

    /// <summary>For each gateway why nobody answers there; null if somebody does.</summary>
    /// <param name="endpoints">The gateways.</param>
    /// <param name="timeout">How long they are waited for while none has answered.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyDictionary<IPEndPoint, string?>> Look(IEnumerable<IPEndPoint> endpoints, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var begun = time.GetTimestamp();
        var hasAnswer = 0;
        var looks = endpoints.Select(async endpoint =>
        {
            var problem = await Look(endpoint, giveUp.Token);
            if (problem is null && Interlocked.Exchange(ref hasAnswer, 1) == 0 && timeout - time.GetElapsedTime(begun) > Patience)
            {
                deadline.CancelAfter(Patience);
            }

            return (Endpoint: endpoint, Problem: problem);
        });
        var seen = await Task.WhenAll(looks);
        cancellationToken.ThrowIfCancellationRequested();
        return seen.ToDictionary(look => look.Endpoint, look => look.Problem);
    }

    private async Task<string?> Look(IPEndPoint endpoint, CancellationToken giveUp)
    {
        try
        {
            await connect(endpoint, giveUp);
            return null;
        }
        catch (OperationCanceledException)
        {
            return "no answer";
        }
        catch (SocketException problem)
        {
            return problem.SocketErrorCode == SocketError.ConnectionRefused ? "connection refused" : problem.Message;
        }
    }

    private static async Task Connect(IPEndPoint endpoint, CancellationToken giveUp)
    {
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endpoint, giveUp);
    }
}
