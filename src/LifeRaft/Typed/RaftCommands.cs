using System.Collections.Concurrent;
using Orleans.Serialization;

namespace LifeRaft;

/// <summary>
/// Typed commands and queries to a machine: over a group (<see cref="RaftGroup{TMachine}"/>), over a session
/// (<see cref="RaftSession{TMachine}"/>), or over whatever else carries bytes to one, as in a test. Cheap, and safe for concurrent use.
/// </summary>
/// <remarks>
/// Every method fails as <see cref="IRaftCommands"/> says, and throws what the machine's handler threw: then the command was applied, and
/// changed nothing.
/// </remarks>
/// <typeparam name="TMachine">The machine, or an interface of it.</typeparam>
/// <param name="commands">What carries the bytes.</param>
/// <param name="serializer">Orleans' serializer, from the client's or the silo's services.</param>
public class RaftCommands<TMachine>(IRaftCommands commands, Serializer serializer)
    where TMachine : class
{
    private static readonly ConcurrentDictionary<Type, string> _aliases = new();
    private readonly IRaftCommands _commands = commands ?? throw new ArgumentNullException(nameof(commands));
    private readonly Serializer _serializer = serializer ?? throw new ArgumentNullException(nameof(serializer));
    private readonly ObjectSerializer _requests = new(serializer.SessionPool);

    /// <summary>Sends a command and returns its handler's result. When it returns, the command is durable on a majority.</summary>
    /// <param name="command">The command.</param>
    /// <param name="cancellationToken">Gives up waiting. A command that was sent may be applied all the same.</param>
    /// <exception cref="InvalidRequestException">The leader's build does not know the command, or it cannot be sent; nothing was done.</exception>
    /// <exception cref="OutcomeUnknownException">It may or may not be applied.</exception>
    public async Task<TResult> Command<TResult>(ICommand<TMachine, TResult> command, CancellationToken cancellationToken = default) =>
        ResultFrame.Read<TResult>(await _commands.Give(Encode(command), cancellationToken), _serializer);

    /// <summary>Sends a command that has no result. When it returns, the command is durable on a majority.</summary>
    /// <param name="command">The command.</param>
    /// <param name="cancellationToken">Gives up waiting. A command that was sent may be applied all the same.</param>
    /// <exception cref="InvalidRequestException">The leader's build does not know the command, or it cannot be sent; nothing was done.</exception>
    /// <exception cref="OutcomeUnknownException">It may or may not be applied.</exception>
    public async Task Command(ICommand<TMachine> command, CancellationToken cancellationToken = default) =>
        ResultFrame.Require(await _commands.Give(Encode(command), cancellationToken), _serializer);

    /// <summary>Asks the machine. Linearizable unless the group's handle was asked for less.</summary>
    /// <param name="query">The query.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidRequestException">The silo's build does not know the query, or it cannot be sent.</exception>
    public async Task<TResult> Query<TResult>(IQuery<TMachine, TResult> query, CancellationToken cancellationToken = default) =>
        ResultFrame.Read<TResult>(await _commands.Query(Encode(query), cancellationToken), _serializer);

    /// <summary>
    /// Asks the machine and waits until it has an answer, however long that takes: for a query with an <c>OnAwait</c> handler. The answer is
    /// of committed commands only, though not always of the newest.
    /// </summary>
    /// <param name="query">The query.</param>
    /// <param name="cancellationToken">Gives up waiting. Without it this may wait for ever.</param>
    /// <exception cref="InvalidRequestException">The silo's build cannot wait for the query, or it cannot be sent.</exception>
    public async Task<TResult> Await<TResult>(IQuery<TMachine, TResult> query, CancellationToken cancellationToken = default) =>
        ResultFrame.Read<TResult>(await _commands.Await(Encode(query), cancellationToken), _serializer);

    private protected async Task<TResult> Result<TResult>(Task<ReadOnlyMemory<byte>> answer) => ResultFrame.Read<TResult>(await answer, _serializer);

    private byte[] Encode(object request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return RequestFrame.Encode(_aliases.GetOrAdd(request.GetType(), RequestFrame.AliasOf), request, _requests);
    }
}
