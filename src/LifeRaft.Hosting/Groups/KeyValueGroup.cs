using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// A declared key-value group as a part of the silo uses it: a request waits until the group is founded, and a transaction is carried out
/// once, in a session that is opened when it is needed and opened anew when it has ended. Safe for concurrent use.
/// </summary>
internal sealed class KeyValueGroup(IGrainFactory grains, GroupName name, int members, TimeSpan timeout, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan _farewell = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);
    private readonly RaftGroup _group = new(grains, name, time) { Timeout = timeout };
    private readonly Lock _lock = new();
    private Task<bool>? _founded;
    private Task<RaftSession>? _session;

    public GroupName Name => name;

    /// <summary>The entry of a key, or null; linearizable.</summary>
    public async Task<KeyValueEntry?> Get(string key, CancellationToken cancellationToken) =>
        await (await Store(cancellationToken)).Get(key, cancellationToken);

    /// <summary>The group, once it is founded, for questions; linearizable.</summary>
    public async Task<KeyValueStore> Store(CancellationToken cancellationToken)
    {
        await Founded(cancellationToken);
        return new KeyValueStore(_group);
    }

    /// <summary>
    /// Carries out a transaction once. Null when the group has forgotten what came of it: it was carried out or it was not, and will not be
    /// any more, so a look tells.
    /// </summary>
    /// <exception cref="OutcomeUnknownException">It may be carried out, now or later.</exception>
    /// <exception cref="InvalidRequestException">It is too large; nothing was done.</exception>
    /// <exception cref="GroupUnavailableException">No leader was found in time, or the group is not founded yet; nothing was done.</exception>
    public async Task<KeyValueTransactionResult?> Transact(KeyValueTransaction transaction, CancellationToken cancellationToken)
    {
        transaction.Require();
        var command = transaction.Encode();
        var started = time.GetTimestamp();
        while (true)
        {
            var session = await Session(cancellationToken);
            try
            {
                return KeyValueTransactionResult.Decode(await Command(session, command, cancellationToken), transaction);
            }
            catch (Exception failure) when (failure is SessionExpiredException or ObjectDisposedException && time.GetElapsedTime(started) < timeout)
            {
                Forget(session); // Nothing was done.
            }
            catch (OutcomeUnknownException failure) when (failure.Pending is null && session.HasExpired)
            {
                Forget(session);
                return null;
            }
            catch (ResultForgottenException)
            {
                return null;
            }
        }
    }

    /// <summary>Closes the session, if that is possible soon: a silo that stops may have nobody left to tell.</summary>
    public async ValueTask DisposeAsync()
    {
        Task<RaftSession>? session;
        lock (_lock)
        {
            (session, _session) = (_session, null);
        }

        if (session is { IsCompletedSuccessfully: true })
        {
            // What is not closed expires.
            await Task.WhenAny(session.Result.DisposeAsync().AsTask(), Task.Delay(_farewell, time));
        }
    }

    /// <summary>At the deadline of the command the group is asked once more: who gives up may not know for a long time what became of it.</summary>
    private static async Task<ReadOnlyMemory<byte>> Command(RaftSession session, ReadOnlyMemory<byte> command, CancellationToken cancellationToken)
    {
        try
        {
            return await session.Command(command, cancellationToken);
        }
        catch (OutcomeUnknownException failure) when (failure.Pending is not null)
        {
            try
            {
                return await failure.Pending.Repeat(cancellationToken);
            }
            catch (ObjectDisposedException)
            {
                // Another request has found the session ended meanwhile, or the silo stops: that says nothing of this one.
                throw new OutcomeUnknownException(failure.Message);
            }
        }
    }

    private async Task<RaftSession> Session(CancellationToken cancellationToken)
    {
        await Founded(cancellationToken);
        return await Shared(ref _session, () => _group.OpenSession()).WaitAsync(cancellationToken);
    }

    private void Forget(RaftSession session)
    {
        lock (_lock)
        {
            if (_session is { IsCompletedSuccessfully: true } && _session.Result == session)
            {
                _session = null;
            }
        }

        session.DisposeAsync().AsTask().Ignore();
    }

    /// <summary>Completes once the group has the members with which it was declared, or had the time to get them.</summary>
    private Task<bool> Founded(CancellationToken cancellationToken) => Shared(ref _founded, WaitForMembers).WaitAsync(cancellationToken);

    /// <summary>
    /// A declared group answers as soon as it is founded, and gets its members one by one; what it acknowledges before that, fewer disks
    /// hold than were asked for.
    /// </summary>
    private async Task<bool> WaitForMembers()
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var isOver = time.GetElapsedTime(started) >= timeout;
            try
            {
                var voters = (await _group.Members()).Count(member => member.IsVoter);
                if (voters >= members || isOver)
                {
                    return true; // Fewer after all that time: they were removed, and are not what a reader or writer waits for.
                }
            }
            catch (GroupNotFoundException) when (isOver)
            {
                throw new GroupUnavailableException($"{name} is declared and was not founded within {Duration.Format(timeout)}: it waits for {members} silos, one for each member. The logs of the silos say what it waits for. Nothing was done.");
            }
            catch (GroupNotFoundException)
            {
                // Not yet.
            }

            await Task.Delay(_pause, time);
        }
    }

    /// <summary>The one task for all who need it, begun anew after it has failed. It outlives the grain that needs it first, so it does not run in that grain's turns.</summary>
    private Task<T> Shared<T>(ref Task<T>? task, Func<Task<T>> begin)
    {
        lock (_lock)
        {
            return task is null or { IsFaulted: true } or { IsCanceled: true } ? task = Task.Run(begin, CancellationToken.None) : task;
        }
    }
}
