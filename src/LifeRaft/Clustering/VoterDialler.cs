using System.Net.Security;
using System.Net.Sockets;

namespace LifeRaft;

/// <summary>Connects to voters, on behalf of one silo or client.</summary>
/// <param name="cluster">The cluster's id.</param>
/// <param name="self">What this silo, or client, calls itself.</param>
/// <param name="options">How.</param>
/// <param name="time">Measures the patience.</param>
internal sealed class VoterDialler(string cluster, string self, LifeRaftClusteringOptions options, TimeProvider time)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    public TimeProvider Time => time;

    /// <summary>A connection on which both sides have said who they are.</summary>
    /// <exception cref="VoterRefusedException">The voter does not want this one; its reason is the message.</exception>
    public async Task<Stream> Dial(string voter, VoterEndPoint endPoint, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await Dial(voter, endPoint.Host, endPoint.Port, both.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {Duration.Format(_patience)}");
        }
    }

    private async Task<Stream> Dial(string voter, string host, int port, CancellationToken cancellationToken)
    {
        Stream stream = new NetworkStream(await Connect(host, port, cancellationToken), ownsSocket: true);
        try
        {
            if (options.AuthenticateAsClient is { } authenticate)
            {
                var secure = new SslStream(stream, leaveInnerStreamOpen: false);
                stream = secure;
                await secure.AuthenticateAsClientAsync(authenticate(host), cancellationToken);
            }

            await new VoterHello(cluster, self, voter).Send(stream, cancellationToken);
            return await VoterHello.ReceiveAnswer(stream, cancellationToken) is { } refusal ? throw new VoterRefusedException(refusal) : stream;
        }
        catch (EndOfStreamException end)
        {
            // A voter that does not want somebody's certificate, or misses TLS, ends the connection without a word.
            await stream.DisposeAsync();
            throw new IOException($"it ended the connection before it answered; does it want {(options.AuthenticateAsClient is null ? "TLS" : "another certificate, or no TLS")}?", end);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Looks the name up, each time anew.</summary>
    private static async Task<Socket> Connect(string host, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A voter does not talk to this silo or client; the message is its reason. What to do: correct the configuration of one of them.</summary>
internal sealed class VoterRefusedException(string message) : Exception(message);
