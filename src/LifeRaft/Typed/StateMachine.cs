using System.Collections.Immutable;
using Orleans.Serialization;

namespace LifeRaft;

/// <summary>
/// A state machine with typed commands, queries and results. Derive from it, keep the state in one immutable object, and say in the
/// constructor which handler takes which type: <c>OnCommand</c>, <c>OnQuery</c>, <c>OnAwait</c>. Clients get at it by <c>GetRaft</c>.
/// </summary>
/// <remarks>
/// <para>
/// A command's handler replaces <see cref="State"/> and returns the result. What it throws is a result too: the state is what it was,
/// and the caller is thrown the same exception, if its type has a serializer or is one of the framework's, otherwise a
/// <see cref="CommandFailedException"/> with its name and message. No stack trace travels; of a framework's exception the message and the
/// inner exceptions do.
/// </para>
/// <para>
/// Every member runs the same handlers on the same commands, so a handler may use the state, the command and the
/// <see cref="HandlerContext"/>, and nothing else: no clock, no random number, no other service, no static variable. Collections in the
/// state have a defined order (<c>ImmutableSortedDictionary</c> with <c>StringComparer.Ordinal</c>, <c>ImmutableList</c>): equal states are
/// to be equal bytes, and a dictionary of strings is enumerated in another order by each process.
/// </para>
/// <para>
/// Commands, results and state are stored and outlive the build. Orleans' rules keep them readable: members keep their <c>[Id]</c>, types
/// their <c>[Alias]</c>; members may be added. In a rolling upgrade a leader of the older build refuses commands that it does not know,
/// and a member of the older build that is given one, or a snapshot of a state to which one was applied, stops until it is upgraded: let
/// clients send a new command when all silos know it.
/// </para>
/// </remarks>
/// <typeparam name="TState">The whole state, with a serializer of Orleans'. Its members are immutable too: a snapshot takes the reference.</typeparam>
public abstract class StateMachine<TState> : IChecksCommands, ITimedStateMachine, IWaitingStateMachine
    where TState : class
{
    private readonly Serializer _serializer;
    private readonly Handlers _handlers;
    private TState _state;
    private DateTimeOffset _time = DateTimeOffset.UnixEpoch;

    // The aliases of all commands that were ever applied. What they did to the state only a build that knows them can carry on.
    private ImmutableSortedSet<string> _applied = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);
    private bool _mayChange;

    /// <summary>Begins with a state; then say which handler takes which type.</summary>
    /// <param name="serializer">Orleans' serializer, from the silo's services.</param>
    /// <param name="initial">The state of a group in which nothing has happened.</param>
    /// <exception cref="InvalidRequestException">The state has no serializer; the message says what lacks one.</exception>
    protected StateMachine(Serializer serializer, TState initial)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        ArgumentNullException.ThrowIfNull(initial);
        _serializer = serializer;
        _state = initial;
        _handlers = new Handlers(GetType(), serializer);
        _handlers.RequireSerializer(typeof(TState), "the state");
    }

    /// <summary>The state. The handler of a command replaces it; nobody changes the object.</summary>
    /// <exception cref="InvalidOperationException">It is set by something else than the handler of a command.</exception>
    protected TState State
    {
        get => _state;
        set => _state = _mayChange
            ? value ?? throw new InvalidOperationException($"The state of {GetType().Name} cannot be null.")
            : throw new InvalidOperationException($"The state of {GetType().Name} was to be changed by something else than the handler of a command: a query changes nothing.");
    }

    /// <summary>
    /// When the next thing is to happen, by <see cref="HandlerContext.Clock"/>; null for nothing, as it is unless it is overridden. It is
    /// looked at after every batch of commands, so it is to be cheap, and follows from the state alone.
    /// </summary>
    protected virtual TimeSpan? Deadline => null;

    TimeSpan? ITimedStateMachine.Deadline => Deadline;

    /// <summary>
    /// Does what is due at the context's clock, like the handler of a command. It may be called when nothing is due. What it throws changes
    /// nothing, and it is called again.
    /// </summary>
    /// <param name="context">What it may know.</param>
    protected virtual void OnElapsed(HandlerContext context)
    {
    }

    /// <summary>Says what applies a command.</summary>
    /// <param name="handler">Replaces the state and returns the result.</param>
    /// <typeparam name="TCommand">A type of command to this machine.</typeparam>
    /// <typeparam name="TResult">Its result.</typeparam>
    /// <exception cref="InvalidRequestException">The command has a handler, is none of this machine's, or cannot be stored; the message says what it lacks.</exception>
    protected void OnCommand<TCommand, TResult>(Func<TCommand, HandlerContext, TResult> handler)
        where TCommand : notnull
    {
        ArgumentNullException.ThrowIfNull(handler);
        _handlers.AddCommand<TCommand, TResult>(typeof(ICommand<,>), (command, context) => ResultFrame.Of(handler(command, context), _serializer));
    }

    /// <summary>Says what applies a command that has no result.</summary>
    /// <param name="handler">Replaces the state.</param>
    /// <typeparam name="TCommand">A type of command to this machine.</typeparam>
    /// <exception cref="InvalidRequestException">The command has a handler, is none of this machine's, or cannot be stored; the message says what it lacks.</exception>
    protected void OnCommand<TCommand>(Action<TCommand, HandlerContext> handler)
        where TCommand : notnull
    {
        ArgumentNullException.ThrowIfNull(handler);
        _handlers.AddCommand<TCommand, object>(typeof(ICommand<>), (command, context) =>
        {
            handler(command, context);
            return ResultFrame.Nothing;
        });
    }

    /// <summary>
    /// Says that earlier builds had a command which this one no longer takes, so that states to which it was applied are still read. A
    /// handler may go when no log holds the command any more: every member has taken a snapshot since the last one was sent.
    /// </summary>
    /// <param name="alias">The command's alias.</param>
    /// <exception cref="InvalidRequestException">It has a handler.</exception>
    protected void Retire(string alias) => _handlers.Retire(alias);

    /// <summary>Says what answers a query.</summary>
    /// <param name="handler">Reads the state.</param>
    /// <typeparam name="TQuery">A type of query to this machine.</typeparam>
    /// <typeparam name="TResult">Its result.</typeparam>
    /// <exception cref="InvalidRequestException">The query has a handler, is none of this machine's, or cannot be sent; the message says what it lacks.</exception>
    protected void OnQuery<TQuery, TResult>(Func<TQuery, TResult> handler)
        where TQuery : notnull
    {
        ArgumentNullException.ThrowIfNull(handler);
        _handlers.AddQuery<TQuery, TResult>(query => ResultFrame.Of(handler(query), _serializer));
    }

    /// <summary>
    /// Says what answers a query that waits until there is an answer (<see cref="RaftCommands{TMachine}.Await"/>). The same type may have
    /// an <c>OnQuery</c> handler too, for who does not wait.
    /// </summary>
    /// <param name="handler">Reads the state; false to be asked again when it has changed. It is asked often.</param>
    /// <typeparam name="TQuery">A type of query to this machine.</typeparam>
    /// <typeparam name="TResult">Its result.</typeparam>
    /// <exception cref="InvalidRequestException">The query has such a handler, is none of this machine's, or cannot be sent; the message says what it lacks.</exception>
    protected void OnAwait<TQuery, TResult>(AwaitHandler<TQuery, TResult> handler)
        where TQuery : notnull
    {
        ArgumentNullException.ThrowIfNull(handler);
        _handlers.AddAwait<TQuery, TResult>(query => handler(query, out var result) ? ResultFrame.Of(result, _serializer) : (ReadOnlyMemory<byte>?)null);
    }

    string? IChecksCommands.Refusal(ReadOnlyMemory<byte> command)
    {
        if (!RequestFrame.TryDecode(command, out var frame, out var newer))
        {
            return newer is null ? Malformed(command) : Unknown(newer);
        }

        return _handlers.FindCommand(frame.Alias) is null ? Unknown($"the command '{frame.Alias}'") : null;
    }

    ReadOnlyMemory<byte> IStateMachine.Apply(in CommandContext context, ReadOnlyMemory<byte> command)
    {
        var seen = Seen(context);
        if (!RequestFrame.TryDecode(command, out var frame, out var newer) && newer is null)
        {
            return ResultFrame.OfThrown(new InvalidRequestException(Malformed(command)), _serializer);
        }

        var handler = newer is null ? _handlers.FindCommand(frame.Alias) : null;
        if (handler is null)
        {
            throw new UnknownCommandException(Unknown($"{newer ?? $"the command '{frame.Alias}'"} at index {context.Index}"));
        }

        _applied = _applied.Add(frame.Alias);
        try
        {
            ReadOnlyMemory<byte> result = default;
            Change(() => result = handler(frame.Body, seen));
            return result;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return ResultFrame.OfThrown(failure, _serializer);
        }
    }

    void ITimedStateMachine.Elapse(in CommandContext context)
    {
        var seen = Seen(context);
        Change(() => OnElapsed(seen));
    }

    ReadOnlyMemory<byte> IStateMachine.Query(ReadOnlyMemory<byte> query) => Answer(query, _handlers.FindQuery)!.Value;

    bool IWaitingStateMachine.TryAnswer(ReadOnlyMemory<byte> query, out ReadOnlyMemory<byte> answer)
    {
        var given = Answer(query, _handlers.FindAwait);
        answer = given.GetValueOrDefault();
        return given.HasValue;
    }

    Action<Stream> IStateMachine.CaptureSnapshot()
    {
        var snapshot = new StateSnapshot<TState>(_time, _applied, _state);
        return destination => snapshot.Write(destination, _serializer);
    }

    void IStateMachine.ReadSnapshot(Stream source)
    {
        var snapshot = StateSnapshot<TState>.Read(source, _serializer);
        var unknown = snapshot.Applied.Where(alias => !_handlers.Knew(alias)).ToList();
        if (unknown.Count > 0)
        {
            throw new FormatException(Unknown($"what '{string.Join("', '", unknown)}' did to the state in the snapshot"));
        }

        (_time, _applied, _state) = (snapshot.Time, snapshot.Applied, snapshot.State);
    }

    private HandlerContext Seen(in CommandContext context)
    {
        _time = context.Time > _time ? context.Time : _time;
        return new HandlerContext(context, _time);
    }

    /// <summary>Lets a handler change the state; one that throws has not.</summary>
    private void Change(Action handler)
    {
        var before = _state;
        _mayChange = true;
        try
        {
            handler();
        }
        catch
        {
            _state = before;
            throw;
        }
        finally
        {
            _mayChange = false;
        }
    }

    private ReadOnlyMemory<byte>? Answer(ReadOnlyMemory<byte> query, Func<string, QueryHandler?> find)
    {
        try
        {
            if (!RequestFrame.TryDecode(query, out var frame, out var newer))
            {
                throw new InvalidRequestException(newer is null ? Malformed(query) : Unknown(newer));
            }

            var handler = find(frame.Alias) ?? throw new InvalidRequestException(Unknown($"the query '{frame.Alias}'"));
            return handler(frame.Body);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return ResultFrame.OfThrown(failure, _serializer);
        }
    }

    private string Unknown(string what) => $"This silo's build of {GetType().Name} does not know {what}. Upgrade this silo, or correct the client.";

    private string Malformed(ReadOnlyMemory<byte> request) =>
        $"{request.Length} bytes are no request to {GetType().Name}. Send it through GetRaft<{GetType().Name}>.";
}
