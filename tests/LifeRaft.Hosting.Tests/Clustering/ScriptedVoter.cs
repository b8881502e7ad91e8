using System.Net;
using System.Net.Sockets;

namespace LifeRaft.Hosting.Tests;

/// <summary>Welcomes whoever dials it as a voter does, and goes on as the test says.</summary>
internal sealed class ScriptedVoter : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly TcpListener _listener;
    private readonly Func<Stream, CancellationToken, Task> _talk;
    private readonly Task _accepting;
    private int _connections;

    /// <param name="endPoint">Where to listen.</param>
    /// <param name="talk">What happens on a connection after the welcome; behind it the voter hangs up.</param>
    public ScriptedVoter(string endPoint, Func<Stream, CancellationToken, Task> talk)
    {
        (_listener, _talk) = (new TcpListener(IPEndPoint.Parse(endPoint)), talk);
        _listener.Start();
        EndPoint = $"{_listener.LocalEndpoint}";
        _accepting = Task.Run(Accept);
    }

    /// <summary>Where it listens.</summary>
    public string EndPoint { get; }

    /// <summary>How many connections there are now.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>One that answers pings, and requests as the test says: null for no answer.</summary>
    public static ScriptedVoter Answering(Func<VoterRequest, VoterReply?> answer, string endPoint = "127.0.0.1:0") => new(endPoint, (stream, cancellationToken) =>
    {
        var connection = new FramedConnection(stream, TimeProvider.System);
        return connection.Run(Received, cancellationToken);

        void Received(FrameKind kind, ReadOnlyMemory<byte> content)
        {
            if (kind == FrameKind.Ping)
            {
                connection.TrySend(FrameKind.Pong, []);
            }
            else if (kind == FrameKind.Request)
            {
                var (number, request) = VoterRequest.Decode(content);
                if (answer(request) is { } reply)
                {
                    connection.TrySend(FrameKind.Reply, reply.Encode(number));
                }
            }
        }
    });

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private async Task Accept()
    {
        while (true)
        {
            _ = Serve(await _listener.AcceptTcpClientAsync(_ending.Token));
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var closed = client;
        Interlocked.Increment(ref _connections);
        try
        {
            await VoterHello.Receive(client.GetStream(), _ending.Token);
            await VoterHello.Answer(client.GetStream(), refusal: null, _ending.Token);
            await _talk(client.GetStream(), _ending.Token);
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            // The other side has gone, or the test is over.
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }
}
