using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using LifeRaft.Protocol;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

/// <summary>Where the other voters, silos and clients reach this silo's voter.</summary>
/// <param name="cluster">The cluster's id; who belongs to another is refused.</param>
/// <param name="voter">The voter.</param>
/// <param name="options">Where to listen, and how.</param>
/// <param name="time">Measures the patience.</param>
/// <param name="logger">Is told whom it refuses.</param>
internal sealed partial class VoterListener(string cluster, Voter voter, LifeRaftClusteringOptions options, TimeProvider time, ILogger<VoterListener> logger) : IAsyncDisposable
{
    private const int MaximumConnections = 2_000;
    private const int MaximumRequests = 1_000;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _longestSilence = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _ending = new();
    private readonly VoterEndPoint _endPoint = VoterEndPoint.Parse(options.Voters[voter.Silo]);
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private int _connections;

    /// <summary>Begins to listen.</summary>
    /// <exception cref="InvalidRequestException">It cannot listen there; the message says why and what to do.</exception>
    public async Task Start(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            var address = options.ListenOnAnyAddress ? IPAddress.Any : (await Dns.GetHostAddressesAsync(_endPoint.Host, cancellationToken))[0];
            socket.Dispose();
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, _endPoint.Port));
            socket.Listen();
        }
        catch (Exception failure) when (failure is SocketException or IndexOutOfRangeException)
        {
            socket.Dispose();
            throw new InvalidRequestException($"The voter of the membership table cannot listen at {_endPoint}: {failure.Message}. Voters['{voter.Silo}'] must name an address of this machine and a free port; where it is the name of a container, set ListenOnAnyAddress.");
        }

        _listener = socket;
        LogListening(socket.LocalEndPoint!);
        _accepting = Task.Run(Accept, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener?.Dispose();
        await _accepting;
        _ending.Dispose();
    }

    private async Task Accept()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                _ = Serve(await _listener!.AcceptAsync(_ending.Token));
            }
            catch (Exception failure) when (failure is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                if (!_ending.IsCancellationRequested)
                {
                    // Out of file handles, for instance: it may pass.
                    LogNotAccepted(failure.Message);
                    await Task.Delay(_patience, time, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
    }

    private async Task Serve(Socket socket)
    {
        using var closed = socket;
        var from = "somebody who has gone";
        var count = Interlocked.Increment(ref _connections);
        try
        {
            from = $"{socket.RemoteEndPoint}";
            using var stream = new NetworkStream(socket, ownsSocket: true);
            if (count > MaximumConnections)
            {
                LogNotAccepted($"there are {MaximumConnections} connections already");
                return;
            }

            socket.NoDelay = true;
            var (secured, hello, isSilo) = await Receive(stream, _ending.Token);
            if (hello is not null)
            {
                from = $"'{hello.From}' at {from}";
                await Talk(hello, isSilo, secured, _ending.Token);
            }
        }
        catch (Exception failure) when (failure is FormatException)
        {
            LogRefused(from, failure.Message);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            LogEnded(from, failure.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    /// <summary>Who it is, and whether it may do what silos do; null for somebody who was refused.</summary>
    private async Task<(Stream Stream, VoterHello? Hello, bool IsSilo)> Receive(NetworkStream plain, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        Stream stream = plain;
        var isSilo = true;
        if (options.AuthenticateAsServer is { } authenticate)
        {
            var secure = new SslStream(plain, leaveInnerStreamOpen: false);
            await secure.AuthenticateAsServerAsync(authenticate(), both.Token);
            stream = secure;
            isSilo = options.IsSiloCertificate?.Invoke(secure.RemoteCertificate) ?? true;
        }

        var hello = await VoterHello.Receive(stream, both.Token);
        var refusal =
            hello.Cluster != cluster ? $"'{hello.From}' is of cluster '{hello.Cluster}', but '{voter.Silo}' is of cluster '{cluster}'. Correct the ClusterId, or the endpoints of the voters."
            : hello.To != voter.Silo ? $"'{hello.From}' expects '{hello.To}' at {_endPoint}, but there is '{voter.Silo}'. Correct the endpoints of the voters; they are the same on all silos."
            : !isSilo && voter.Configured.Contains(hello.From) ? $"'{hello.From}' is a voter, but the certificate that was shown is no silo's. Give it one that carries the name which silos must have."
            : null;
        await VoterHello.Answer(stream, refusal, both.Token);
        if (refusal is not null)
        {
            LogRefused($"{plain.Socket.RemoteEndPoint}", refusal);
        }

        return (stream, refusal is null ? hello : null, isSilo);
    }

    private async Task Talk(VoterHello hello, bool isSilo, Stream stream, CancellationToken cancellationToken)
    {
        var connection = new FramedConnection(stream, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = Watch(connection, ending);
        var pending = 0;
        try
        {
            await connection.Run(Received, ending.Token);
        }
        finally
        {
            await ending.CancelAsync();
            await watching;
        }

        void Received(FrameKind kind, ReadOnlyMemory<byte> content)
        {
            switch (kind)
            {
                case FrameKind.Message when voter.Others.ContainsKey(hello.From):
                    voter.Deliver(hello.From, MessageCodec.Decode(content));
                    break;
                case FrameKind.Message:
                    throw new FormatException($"'{hello.From}' speaks as a voter, but is none here; the voters are {string.Join(", ", voter.Configured)}. Configure all silos alike.");
                case FrameKind.Request:
                    _ = Answer(VoterRequest.Decode(content));
                    break;
                case FrameKind.Ping:
                    connection.TrySend(FrameKind.Pong, []);
                    break;
                default:
                    throw new FormatException($"A frame of kind {(byte)kind} is none that a voter takes.");
            }
        }

        async Task Answer((long Number, VoterRequest Request) asked)
        {
            VoterReply reply;
            try
            {
                reply = Interlocked.Increment(ref pending) > MaximumRequests ? new VoterReply(ReplyStatus.NotNow, "too many requests wait for their answers")
                    : !isSilo && asked.Request.Operation is not (VoterOperation.Query or VoterOperation.Look)
                        ? new VoterReply(ReplyStatus.Refused, $"the certificate of '{hello.From}' is no silo's, and only silos change the membership table")
                    : await voter.Ask(asked.Request, ending.Token);
            }
            catch (FormatException failure)
            {
                reply = new VoterReply(ReplyStatus.Refused, failure.Message);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                reply = new VoterReply(ReplyStatus.Unknown, failure.Message);
            }
            finally
            {
                Interlocked.Decrement(ref pending);
            }

            connection.TrySend(FrameKind.Reply, reply.Encode(asked.Number));
        }
    }

    /// <summary>Who dials sends pings; where none come, nobody is there.</summary>
    private async Task Watch(FramedConnection connection, CancellationTokenSource ending)
    {
        using var timer = new PeriodicTimer(_longestSilence / 4, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ending.Token))
            {
                if (connection.Silence > _longestSilence)
                {
                    await ending.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The connection has ended.
        }
    }
}
