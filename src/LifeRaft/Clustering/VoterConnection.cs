using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LifeRaft;

/// <summary>
/// The connection to one voter, dialled again whenever it is lost. A connection on which nothing arrives, not even the answers to pings,
/// is given up: the network may swallow what is sent for minutes, and only a new connection would find out that it no longer does.
/// </summary>
internal sealed partial class VoterConnection(VoterDialler dialler, string voter, VoterEndPoint endPoint, ILogger<VoterConnection> logger) : IVoterLink, IAsyncDisposable
{
    private static readonly TimeSpan _pingPeriod = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _longestSilence = 3 * _pingPeriod;
    private static readonly TimeSpan _shortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _pauseAfterRefusal = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<long, TaskCompletionSource<VoterReply>> _waiting = new();
    private readonly CancellationTokenSource _ending = new();
    private volatile FramedConnection? _connection;
    private volatile string _problem = "not connected yet";
    private Task _running = Task.CompletedTask;
    private long _numbers;

    // Touched by who dials, and by who reads what comes while the former waits.
    private TimeSpan _pause = _shortestPause;
    private string? _reported;

    public string Voter => voter;

    public string Problem => _problem;

    /// <summary>Begins to dial. Called once.</summary>
    public void Start() => _running = Task.Run(Run);

    /// <summary>Sends a message of the protocol, or drops it.</summary>
    public void Send(ReadOnlySpan<byte> message) => _connection?.TrySend(FrameKind.Message, message);

    public async Task<VoterReply> Ask(VoterRequest request, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _numbers);
        var reply = new TaskCompletionSource<VoterReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[number] = reply;
        try
        {
            // Looked at after the entry was made: who loses the connection answers all entries.
            return _connection is { } connection && connection.TrySend(FrameKind.Request, request.Encode(number))
                ? await reply.Task.WaitAsync(cancellationToken)
                : new VoterReply(ReplyStatus.NotSent, _problem.Length > 0 ? _problem : "too much waits to be sent");
        }
        finally
        {
            _waiting.TryRemove(number, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running;
        _ending.Dispose();
    }

    private async Task Run()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                var stream = await dialler.Dial(voter, endPoint, _ending.Token);
                LogConnected(voter, endPoint);
                await Talk(stream);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                Failed(failure);
                _pause = failure is VoterRefusedException ? _pauseAfterRefusal : 2 * _pause < _longestPause ? 2 * _pause : _longestPause;
            }

            await Task.Delay(_pause, dialler.Time, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Talk(Stream stream)
    {
        var connection = new FramedConnection(stream, dialler.Time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        var pinging = Ping(connection, ending);
        try
        {
            (_problem, _connection) = ("", connection);
            await connection.Run(Received, ending.Token);
        }
        catch (OperationCanceledException) when (!_ending.IsCancellationRequested)
        {
            throw new TimeoutException($"nothing was heard for {Duration.Format(_longestSilence)}");
        }
        finally
        {
            (_problem, _connection) = ("the connection was lost", null);
            await ending.CancelAsync();
            await pinging;
            foreach (var waiting in _waiting.Values)
            {
                waiting.TrySetResult(new VoterReply(ReplyStatus.Lost, "the connection was lost"));
            }
        }
    }

    private async Task Ping(FramedConnection connection, CancellationTokenSource ending)
    {
        using var timer = new PeriodicTimer(_pingPeriod, dialler.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(ending.Token))
            {
                if (connection.Silence > _longestSilence)
                {
                    await ending.CancelAsync();
                    return;
                }

                connection.TrySend(FrameKind.Ping, []);
            }
        }
        catch (OperationCanceledException)
        {
            // The connection has ended.
        }
    }

    private void Received(FrameKind kind, ReadOnlyMemory<byte> content)
    {
        // It answers, which a welcome is no proof of: the next loss is another one, and dialling may begin anew.
        (_pause, _reported) = (_shortestPause, null);
        if (kind == FrameKind.Reply)
        {
            var (number, reply) = VoterReply.Decode(content);
            if (_waiting.TryGetValue(number, out var waiting))
            {
                waiting.TrySetResult(reply);
            }
        }
        else if (kind != FrameKind.Pong)
        {
            throw new FormatException($"A voter answers, but sent a frame of kind {(byte)kind}.");
        }
    }

    private void Failed(Exception failure)
    {
        if (_ending.IsCancellationRequested)
        {
            _problem = "this silo is stopping";
            return;
        }

        // Said when it changes: a voter that is down is dialled every second.
        var problem = failure.Message.TrimEnd('.');
        if (_reported != problem)
        {
            _reported = problem;
            if (failure is VoterRefusedException)
            {
                LogRefused(voter, endPoint, problem);
            }
            else
            {
                LogLost(voter, endPoint, problem);
            }
        }

        _problem = problem;
    }
}
