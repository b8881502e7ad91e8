using LifeRaft.Protocol;

namespace LifeRaft;

/// <summary>
/// A client's session with a group, from <see cref="RaftGroup.OpenSession"/>: its commands are applied exactly once. Each has a number,
/// under which it is repeated until there is an answer, across lost connections, changes of leader and restarts; the group remembers
/// what came of a number and does not apply it again. Safe for concurrent use; commands that are under way at the same time may be
/// applied in any order.
/// </summary>
/// <remarks>
/// <para>
/// The group forgets a session from which it has heard nothing for <see cref="ExpiresAfter"/>, so a session sends something every third of
/// that, whether it is used or not: dispose of it when it is no longer needed. One session for each client is enough.
/// </para>
/// <para>
/// At the deadline (<see cref="Timeout"/>) a command that may have been applied ends with <see cref="OutcomeUnknownException"/>, whose
/// <see cref="OutcomeUnknownException.Pending"/> asks again. A longer deadline does no harm: unlike without a session, waiting is safe.
/// </para>
/// </remarks>
public sealed class RaftSession : IRaftCommands, IAsyncDisposable
{
    private static readonly TimeSpan _pauseAfterOverload = TimeSpan.FromMilliseconds(50);
    private readonly LeaderRoute _route;
    private readonly GroupName _name;
    private readonly GroupId _group;
    private readonly TimeProvider _time;
    private readonly int _window;
    private readonly SessionNumbers _numbers;
    private readonly CancellationTokenSource _closing = new();
    private readonly ITimer _keepAlive;
    private int _isKeeping;
    private int _isDisposed;
    private volatile bool _hasExpired;

    private RaftSession(LeaderRoute route, GroupName name, TimeProvider time, GroupId group, OpenedSession opened)
    {
        (_route, _name, _time, _group) = (route, name, time, group);
        (Id, _window) = (opened.Session, opened.Results);
        ExpiresAfter = TimeSpan.FromMilliseconds(opened.TimeoutMilliseconds);
        _numbers = new SessionNumbers(_window);

        // It outlives the request that opens the session, and takes nothing of its context along.
        using var alone = Detached.Flow();
        _keepAlive = time.CreateTimer(static state => _ = ((RaftSession)state!).KeepAlive(), this, ExpiresAfter / 3, ExpiresAfter / 3);
    }

    /// <summary>The session's id: the index of the log entry that opened it.</summary>
    public LogIndex Id { get; }

    /// <summary>After so long without a word from this session the group forgets it. The silos' option SessionTimeout at the time it was opened.</summary>
    public TimeSpan ExpiresAfter { get; }

    /// <summary>Whether the group has said that the session has ended. Its commands are refused from then on; open another one.</summary>
    public bool HasExpired => _hasExpired;

    /// <summary>How long a command or query without an earlier cancellation may take in all; that of the group by default.</summary>
    public TimeSpan Timeout
    {
        get => _route.Timeout;
        set => _route.Timeout = value > TimeSpan.Zero ? value : throw new InvalidRequestException($"A timeout must be more than zero, but is {value}.");
    }

    /// <summary>What queries promise; as the group's handle does by default.</summary>
    public ReadConsistency Reads { get; set; }

    /// <summary>
    /// Appends, replicates, commits and applies a command, exactly once, and returns the state machine's result.
    /// </summary>
    /// <param name="command">The command, at most <c>MaximumCommandBytes</c> long. It is not to be changed before the task completes.</param>
    /// <param name="cancellationToken">Gives up waiting, and repeating. The command may have been applied.</param>
    /// <exception cref="SessionExpiredException">The session has ended. Nothing was done; open another one.</exception>
    /// <exception cref="OutcomeUnknownException">There was no answer in time; <see cref="OutcomeUnknownException.Pending"/> asks again.</exception>
    /// <exception cref="CommandFailedException">The state machine threw; its state is what it was before.</exception>
    /// <exception cref="ResultForgottenException">The command was applied, and the result is no longer remembered.</exception>
    /// <exception cref="InvalidRequestException">The command is too long. Nothing was done.</exception>
    /// <exception cref="OverloadedException">Too much is waiting, here or there. Nothing was done; try later, and less at once.</exception>
    /// <exception cref="GroupUnavailableException">No leader was found in time. Nothing was done; try later, or look at the silos.</exception>
    public async Task<ReadOnlyMemory<byte>> Command(ReadOnlyMemory<byte> command, CancellationToken cancellationToken = default)
    {
        ThrowIfOver();
        using var activity = RaftActivities.StartClient(RaftActivities.Command, _name, Id);
        try
        {
            return await Number(command, cancellationToken);
        }
        catch (Exception failure) when (activity.Notes(failure))
        {
            throw;
        }
    }

    private async Task<ReadOnlyMemory<byte>> Number(ReadOnlyMemory<byte> command, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        long number;
        try
        {
            number = await _numbers.Take(Timeout, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new OverloadedException($"The command to {_name} was not sent: {_window} commands of the session are unanswered, and a session has no more under way (MaximumSessionResults). Try later, and less at once.");
        }

        return await Send(new PendingCommand(this, number, command), Timeout - _time.GetElapsedTime(started), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> Query(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        return RaftGroup.Query(_route, _name, query, Reads, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> Await(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        return WaitingQuery.Answer(_route, _name, query, _time, cancellationToken);
    }

    /// <summary>Waits for the commands that are under way and closes the session. One that cannot be closed now expires by itself.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _numbers.Quiet();
        await _keepAlive.DisposeAsync();
        await _closing.CancelAsync();
        try
        {
            if (!_hasExpired)
            {
                await _route.Ask(node => node.CloseSession(_group, Id), mayRepeat: true, LeaderRoute.Patience, LeaderRoute.Patience, CancellationToken.None);
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // It expires.
        }

        _closing.Dispose();
    }

    internal static async Task<RaftSession> Open(LeaderRoute route, GroupName name, TimeProvider time, CancellationToken cancellationToken)
    {
        var reply = await route.Ask(node => node.OpenSession(), mayRepeat: true, route.Timeout, LeaderRoute.Patience, cancellationToken);
        if (reply.Outcome == Outcome.Unknown)
        {
            throw new GroupUnavailableException($"No session with {name} could be opened: {reply.Error ?? "leadership was lost"}. Try again, or look at the silos.");
        }

        var opened = OpenedSession.Decode(SessionReply.Decode(RaftGroup.Succeeded(reply, $"Opening a session with {name}").Result).Body.Span);
        return new RaftSession(route, name, time, reply.Group, opened);
    }

    internal Task<ReadOnlyMemory<byte>> Repeat(PendingCommand command, CancellationToken cancellationToken)
    {
        ThrowIfOver(command);
        return _numbers.TryResume(command.Number)
            ? Send(command, Timeout, cancellationToken)
            : throw new OutcomeUnknownException($"What became of command {command.Number} to {_name} can no longer be asked: it was answered, is being repeated, or the session has begun {_window} commands since.");
    }

    private async Task<ReadOnlyMemory<byte>> Send(PendingCommand command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var isPending = false;
        try
        {
            return Result(command, await AskUntilKnown(command, timeout, cancellationToken));
        }
        catch (OutcomeUnknownException failure) when (failure.Pending is not null)
        {
            isPending = true;
            throw;
        }
        finally
        {
            if (isPending)
            {
                command.KeepCopy();
                _numbers.GiveUp(command.Number);
            }
            else
            {
                // Answered, or nobody will ask: also who has cancelled the call has said so.
                _numbers.Release(command.Number);
            }
        }
    }

    private async Task<Reply> AskUntilKnown(PendingCommand command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        Reply reply;
        try
        {
            reply = await Ask(command, timeout, cancellationToken);
            while (reply.Outcome == Outcome.Overloaded && command.MayBeApplied && _time.GetElapsedTime(started) < timeout)
            {
                // The caller could not tell from a refusal what became of the attempt before it.
                await Task.Delay(_pauseAfterOverload, _time, cancellationToken);
                reply = await Ask(command, timeout - _time.GetElapsedTime(started), cancellationToken);
            }
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or OutOfMemoryException) && command.MayBeApplied)
        {
            throw Unknown(command, failure.Message);
        }

        return reply.Outcome == Outcome.Done || (reply.Outcome != Outcome.Unknown && !command.MayBeApplied)
            ? RaftGroup.Succeeded(reply, $"Command {command.Number} to {_name}")
            : throw Unknown(command, reply.Error ?? "no leader answered in time");
    }

    private Task<Reply> Ask(PendingCommand command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        return _route.Ask(Attempt, mayRepeat: true, timeout, LeaderRoute.Patience, cancellationToken);

        async ValueTask<Reply> Attempt(IRaftRequests node)
        {
            command.Attempted();
            try
            {
                var reply = await node.SessionCommand(_group, Id, command.Number, _numbers.Answered, command.Command);
                if (reply.IsRefusal || (reply.Outcome == Outcome.Done && SessionReply.Decode(reply.Result).IsRefusal))
                {
                    command.Refused();
                }

                return reply;
            }
            catch (RaftException)
            {
                command.Refused(); // The node does not serve, or was not reached.
                throw;
            }
        }
    }

    /// <summary>The result that was applied, or remembered.</summary>
    private ReadOnlyMemory<byte> Result(PendingCommand command, Reply answer)
    {
        var reply = SessionReply.Decode(answer.Result);
        switch (reply.Outcome)
        {
            case SessionOutcome.Done:
                return reply.Body;
            case SessionOutcome.Failed:
                throw new CommandFailedException(reply.Message);
            case SessionOutcome.Forgotten:
                throw new ResultForgottenException($"Command {command.Number} to {_name} was applied, and its result is no longer remembered: the results of the session take more bytes than MaximumSessionResultBytes. Read what you need to know.");
            case SessionOutcome.Expired:
                _hasExpired = true;
                throw Expired(command);
            default:
                throw new OutcomeUnknownException($"Command {command.Number} to {_name} was refused as {reply.Outcome}, which this client should not have caused: it is older than the silo, or the command was answered before. Find out by reading.");
        }
    }

    /// <summary>A refusal because of the end of the session says nothing of the attempts before it.</summary>
    private RaftException Expired(PendingCommand? command)
    {
        const string Why = "nothing was heard of it for its timeout, too many sessions were opened, or it was closed";
        return command?.MayBeApplied == true
            ? new OutcomeUnknownException($"Session {Id} with {_name} has ended ({Why}), and it is not known whether command {command.Number} was applied before. Find out by reading, and open another session.")
            : new SessionExpiredException($"Session {Id} with {_name} has ended: {Why}. Nothing was done; open another one.");
    }

    private OutcomeUnknownException Unknown(PendingCommand command, string why) =>
        new($"It is not known yet whether command {command.Number} to {_name} was applied: {why}. Repeat it through this exception's Pending, which cannot apply it twice; or give the session a longer Timeout.") { Pending = command };

    private void ThrowIfOver(PendingCommand? command = null)
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        if (_hasExpired)
        {
            throw Expired(command);
        }
    }

    private async Task KeepAlive()
    {
        if (Interlocked.Exchange(ref _isKeeping, 1) != 0)
        {
            return;
        }

        try
        {
            var reply = await _route.Ask(node => node.KeepSession(_group, Id, _numbers.Answered), mayRepeat: true, Timeout, LeaderRoute.Patience, _closing.Token);
            if (reply.Outcome == Outcome.Done && SessionReply.Decode(reply.Result).Outcome == SessionOutcome.Expired)
            {
                _hasExpired = true;
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The next one may get through. If none does, the next command learns what the group has decided.
        }
        finally
        {
            Volatile.Write(ref _isKeeping, 0);
        }
    }
}
