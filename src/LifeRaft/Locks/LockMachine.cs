namespace LifeRaft;

/// <summary>
/// Named locks as a state machine: exclusive ones, reader-writer locks and semaphores, each with a queue, fencing tokens, and an end by the
/// group's clock for holders and waiters of whom nothing is heard. <see cref="RaftLocks"/> and
/// <see cref="LeaderElection"/> are its clients.
/// </summary>
[RaftMachine("locks")]
public sealed class LockMachine : ITimedStateMachine, IWaitingStateMachine, IChecksCommands
{
    private LockTable _table = LockTable.Empty;

    /// <inheritdoc/>
    public TimeSpan? Deadline => _table.Deadline;

    /// <inheritdoc/>
    /// <exception cref="FormatException">The command is malformed; the state is what it was.</exception>
    /// <exception cref="InvalidRequestException">The command breaks a bound; the state is what it was.</exception>
    /// <exception cref="UnknownCommandException">The command is of a later build.</exception>
    public ReadOnlyMemory<byte> Apply(in CommandContext context, ReadOnlyMemory<byte> command)
    {
        if (Refusal(command) is { } unknown)
        {
            throw new UnknownCommandException(unknown);
        }

        (_table, var answers) = _table.Apply(LockCodec.DecodeCommand(command), context.Clock, context.Index);
        return LockCodec.Encode(answers);
    }

    /// <inheritdoc/>
    public string? Refusal(ReadOnlyMemory<byte> command) => LockCodec.Refusal(command);

    /// <inheritdoc/>
    public void Elapse(in CommandContext context) => _table = _table.Elapse(context.Clock, context.Index);

    /// <inheritdoc/>
    /// <exception cref="FormatException">The query is malformed.</exception>
    public ReadOnlyMemory<byte> Query(ReadOnlyMemory<byte> query) => LockCodec.DecodeQuery(query) switch
    {
        LookAtLock look => LockCodec.Encode(PageOf(_table.Find(look.Name))),
        ListLocks list => LockCodec.Encode(List(list)),
        var other => throw new InvalidRequestException($"The query {other.GetType().Name} is to be awaited."),
    };

    /// <inheritdoc/>
    /// <exception cref="FormatException">The query is malformed.</exception>
    public bool TryAnswer(ReadOnlyMemory<byte> query, out ReadOnlyMemory<byte> answer)
    {
        switch (LockCodec.DecodeQuery(query))
        {
            case AwaitGrant grant:
                var standing = _table.StandingOf(grant.Id);
                var isAnswered = standing.Outcome != LockOutcome.Waiting;
                answer = isAnswered ? LockCodec.Encode([standing]) : default;
                return isAnswered;
            case AwaitHolder holder:
                var queue = _table.Find(holder.Name);
                var isAnother = (queue?.Newest ?? FencingToken.None) != holder.Known;
                answer = isAnother ? LockCodec.Encode(PageOf(queue)) : default;
                return isAnother;
            default:
                answer = Query(query);
                return true;
        }
    }

    /// <inheritdoc/>
    public Action<Stream> CaptureSnapshot()
    {
        var table = _table;
        return destination => LockSnapshot.Write(destination, table);
    }

    /// <inheritdoc/>
    /// <exception cref="FormatException">The bytes are no snapshot; the state is what it was.</exception>
    public void ReadSnapshot(Stream source) => _table = LockSnapshot.Read(source);

    private static LockPage PageOf(NamedLock? queue) => new(queue is null ? [] : [LockState.Of(queue)], HasMore: false);

    private LockPage List(ListLocks list)
    {
        var found = _table.List(list.Prefix, list.After).Take(LockPage.MaximumLocks + 1).ToList();
        return new LockPage([.. found.Take(LockPage.MaximumLocks).Select(LockState.Of)], found.Count > LockPage.MaximumLocks);
    }
}
