using Orleans.Serialization;

namespace LifeRaft;

/// <summary>A handle on a group that replicates a typed machine, from <c>GetRaft</c>.</summary>
/// <typeparam name="TMachine">The machine, or an interface of it.</typeparam>
public sealed class RaftGroup<TMachine> : RaftCommands<TMachine>
    where TMachine : class
{
    private readonly Serializer _serializer;

    internal RaftGroup(RaftGroup group, Serializer serializer)
        : base(group, serializer) => (Group, _serializer) = (group, serializer);

    /// <summary>The group itself: its members, its name, the deadline and the consistency of this handle's requests.</summary>
    public RaftGroup Group { get; }

    /// <summary>Opens a session, whose commands are applied exactly once; see <see cref="RaftGroup.OpenSession"/>.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="GroupUnavailableException">No leader answered in time.</exception>
    public async Task<RaftSession<TMachine>> OpenSession(CancellationToken cancellationToken = default) =>
        new(await Group.OpenSession(cancellationToken), _serializer);
}

/// <summary>A session whose commands are applied exactly once; see <see cref="RaftSession"/>. Dispose of it when it is no longer needed.</summary>
/// <typeparam name="TMachine">The machine, or an interface of it.</typeparam>
public sealed class RaftSession<TMachine> : RaftCommands<TMachine>, IAsyncDisposable
    where TMachine : class
{
    internal RaftSession(RaftSession session, Serializer serializer)
        : base(session, serializer) => Session = session;

    /// <summary>The session itself: its id, its deadline.</summary>
    public RaftSession Session { get; }

    /// <summary>
    /// Sends a command whose outcome is unknown again under its number and returns its result: it is applied now if it was not, and not
    /// again if it was. Fails as <see cref="PendingCommand.Repeat"/> does.
    /// </summary>
    /// <param name="pending">From the exception that said so.</param>
    /// <param name="command">The command that was sent: its type says what the result is.</param>
    /// <param name="cancellationToken">Gives up waiting; it may be repeated still.</param>
    public Task<TResult> Repeat<TResult>(PendingCommand pending, ICommand<TMachine, TResult> command, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pending);
        ArgumentNullException.ThrowIfNull(command);
        return Result<TResult>(pending.Repeat(cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Session.DisposeAsync();
}
