namespace LifeRaft.Hosting;

/// <summary>
/// The one writer of a store. While one batch is being synced the next one collects, so load makes batches bigger instead of
/// queues longer: the writer takes everything that is waiting, for all nodes, and commits it at once.
/// </summary>
/// <remarks>
/// <para>
/// It has a thread of its own, because it spends its life in a system call that blocks. Those who hand over work meet it at a
/// lock that is held for the length of an append to a list.
/// </para>
/// <para>
/// The first commit that fails ends it for good. What the device holds is unknown then: a second sync that succeeds says nothing
/// about the pages that the first one lost, so nothing is retried.
/// </para>
/// <para>
/// The queue itself has no bound of its own: every node's pump bounds what it has in flight, and a write must not be refused
/// after the protocol counted on it.
/// </para>
/// </remarks>
internal sealed class GroupCommitWriter : IAsyncDisposable
{
    /// <summary>Work beyond this many bytes goes into the next batch; one that is larger alone is a batch of its own.</summary>
    internal const long MaximumBatchBytes = 16 * 1024 * 1024;

    private readonly string _description;
    private readonly Action _commit;
    private readonly Action<CommittedBatch> _committed;
    private readonly TaskCompletionSource<LogStoreStoppedException> _stopped;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Guarded by _gate.
    private readonly Lock _gate = new();
    private List<GroupCommitWork> _waiting = [];
    private bool _isClosing;
    private LogStoreStoppedException? _end;

    // The writer sleeps on this; it is set when _waiting is no longer empty, and at the close.
    private readonly AutoResetEvent _wake = new(initialState: false);

    // Touched by the writer's thread only.
    private List<GroupCommitWork> _taken = [];

    /// <summary>Starts the writer.</summary>
    /// <param name="description">Kind and place of the store, for errors.</param>
    /// <param name="commit">Makes everything that was staged durable, atomically, or throws. Called on the writer's thread.</param>
    /// <param name="committed">Hears of each commit, after those whose work it was. What it throws is of no account.</param>
    /// <param name="stopped">Gets the reason when a commit fails.</param>
    internal GroupCommitWriter(string description, Action commit, Action<CommittedBatch> committed, TaskCompletionSource<LogStoreStoppedException> stopped)
    {
        _description = description;
        _commit = commit;
        _committed = committed;
        _stopped = stopped;
        new Thread(Run) { IsBackground = true, Name = $"LifeRaft log writer, {description}" }.Start();
    }

    /// <summary>How much waits; a glance, without the lock.</summary>
    internal int Queued => _waiting.Count;

    /// <summary>Hands over work; it returns at once.</summary>
    /// <exception cref="LogStoreStoppedException">The writer has stopped or was closed; the work will never hear of anything.</exception>
    internal void Queue(GroupCommitWork work)
    {
        bool wasEmpty;
        lock (_gate)
        {
            ThrowIfEnded();
            wasEmpty = _waiting.Count == 0;
            _waiting.Add(work);
        }

        if (wasEmpty)
        {
            _wake.Set();
        }
    }

    /// <exception cref="LogStoreStoppedException">The writer has stopped or was closed.</exception>
    internal void ThrowIfStopped()
    {
        lock (_gate)
        {
            ThrowIfEnded();
        }
    }

    /// <summary>Commits what is waiting, then ends. It takes nothing more from the moment of this call.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isClosing = true;
            _end ??= new LogStoreStoppedException($"{_description} was closed. Open a new store.");
        }

        _wake.Set();
        await _ended.Task;
        _wake.Dispose();
    }

    private void ThrowIfEnded()
    {
        if (_end is not null)
        {
            // A new object each time: an exception that many threads throw at once keeps no stack trace worth reading.
            throw new LogStoreStoppedException(_end.Message, _end.InnerException);
        }
    }

    private void Run()
    {
        while (Take())
        {
            for (var next = 0; next < _taken.Count;)
            {
                next = CommitBatch(next);
            }

            _taken.Clear();
        }

        _ended.SetResult();
    }

    /// <summary>Waits for work and takes all of it; false when the writer was closed and nothing is left.</summary>
    private bool Take()
    {
        while (true)
        {
            lock (_gate)
            {
                if (_waiting.Count > 0)
                {
                    (_taken, _waiting) = (_waiting, _taken);
                    return true;
                }

                if (_isClosing)
                {
                    return false;
                }
            }

            _wake.WaitOne();
        }
    }

    /// <summary>Commits as much of what was taken as one batch holds, and tells its owners; returns where the next batch begins.</summary>
    private int CommitBatch(int first)
    {
        var next = first;
        CommittedBatch? committed = null;
        try
        {
            var hasChanges = false;
            var bytes = 0L;
            var entries = 0;
            for (; next < _taken.Count && (next == first || bytes + _taken[next].Bytes <= MaximumBatchBytes); next++)
            {
                bytes += _taken[next].Bytes;
                entries += _taken[next].Entries;
                hasChanges |= Stage(_taken[next]);
            }

            if (hasChanges)
            {
                // The device's time, whatever clock the nodes live by.
                var started = TimeProvider.System.GetTimestamp();
                _commit();
                committed = new CommittedBatch(TimeProvider.System.GetElapsedTime(started), entries, bytes);
            }
        }
        catch (Exception failure)
        {
            // Whatever a device or its driver throws means the same: what is stored is unknown.
            next = Math.Max(next, first + 1);
            Stop($"a write failed: {failure.Message}", failure);
        }

        for (var i = first; i < next; i++)
        {
            Tell(_taken[i]);
        }

        if (committed is { } batch)
        {
            TellOf(batch);
        }

        return next;
    }

    /// <summary>Who only measures must not stop the store.</summary>
    private void TellOf(CommittedBatch batch)
    {
        try
        {
            _committed(batch);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // A listener or a logger of the user's has failed; the batch is durable all the same.
        }
    }

    private bool Stage(GroupCommitWork work)
    {
        work.Failure = _stopped.Task.IsCompleted ? _stopped.Task.Result : work.Refusal();
        if (work.Failure is not null || !work.ChangesTheStore)
        {
            return false;
        }

        work.Stage();
        return true;
    }

    private void Tell(GroupCommitWork work)
    {
        try
        {
            work.Failure ??= _stopped.Task.IsCompleted ? _stopped.Task.Result : null;
            if (work.Failure is null)
            {
                work.Committed();
            }

            work.Complete();
        }
        catch (Exception failure)
        {
            // A completion that throws has a bug; its node must not go on as if it had heard.
            Stop($"a completion threw, which it must not: {failure.Message}", failure);
        }
    }

    /// <summary>Ends it for good, from any thread.</summary>
    internal LogStoreStoppedException Stop(string reason, Exception failure)
    {
        var stopped = new LogStoreStoppedException(
            $"{_description} has stopped, because {reason}. What the device holds is unknown now, so nothing is retried. "
            + "Look at the device, then restart the silo.",
            failure);
        lock (_gate)
        {
            _end = stopped;
        }

        _stopped.TrySetResult(stopped);
        return stopped;
    }
}

/// <summary>What one commit has made durable.</summary>
/// <param name="Duration">How long the device took.</param>
/// <param name="Entries">Log entries in it, of all nodes.</param>
/// <param name="Bytes">Their bytes.</param>
internal readonly record struct CommittedBatch(TimeSpan Duration, int Entries, long Bytes);
