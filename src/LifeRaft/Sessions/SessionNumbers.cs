namespace LifeRaft;

/// <summary>
/// The numbers of a session's commands, each given once. From the lowest that has no answer on, only so many are given as the group
/// remembers results; who wants one more waits. A command that has been given up by its caller, its outcome unknown, keeps its number
/// as long as nobody else needs the room.
/// </summary>
internal sealed class SessionNumbers(int window)
{
    private readonly Lock _lock = new();
    private readonly SortedSet<long> _unanswered = [];
    private readonly HashSet<long> _givenUp = [];
    private readonly LinkedList<TaskCompletionSource<long>> _waiting = [];
    private TaskCompletionSource? _quiet;
    private long _next = 1;

    /// <summary>All numbers below have their answers, or need none.</summary>
    public long Answered
    {
        get
        {
            lock (_lock)
            {
                return Lowest;
            }
        }
    }

    private long Lowest => _unanswered.Count > 0 ? _unanswered.Min : _next;

    /// <summary>Gives the next number when there is room for it.</summary>
    /// <exception cref="TimeoutException">There was none in time.</exception>
    public async Task<long> Take(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        LinkedListNode<TaskCompletionSource<long>> place;
        lock (_lock)
        {
            if (_waiting.Count == 0 && HasRoom())
            {
                return Give();
            }

            place = _waiting.AddLast(new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        try
        {
            return await place.Value.Task.WaitAsync(timeout, time, cancellationToken);
        }
        catch (Exception failure) when (failure is TimeoutException or OperationCanceledException)
        {
            lock (_lock)
            {
                if (place.List is not null)
                {
                    _waiting.Remove(place);
                    throw;
                }
            }

            // It was given in the last moment.
            return await place.Value.Task;
        }
    }

    /// <summary>The number has its answer, or needs none.</summary>
    public void Release(long number)
    {
        lock (_lock)
        {
            _givenUp.Remove(number);
            _unanswered.Remove(number);
            Moved();
        }
    }

    /// <summary>Nobody waits for the answer now, but somebody may ask for it.</summary>
    public void GiveUp(long number)
    {
        lock (_lock)
        {
            if (_unanswered.Contains(number))
            {
                _givenUp.Add(number);
                Moved();
            }
        }
    }

    /// <summary>Somebody asks for it. False if the number was needed, or released, meanwhile.</summary>
    public bool TryResume(long number)
    {
        lock (_lock)
        {
            return _givenUp.Remove(number);
        }
    }

    /// <summary>Completes when nobody waits for an answer any more.</summary>
    public Task Quiet()
    {
        lock (_lock)
        {
            if (_unanswered.Count == _givenUp.Count && _waiting.Count == 0)
            {
                return Task.CompletedTask;
            }

            _quiet ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _quiet.Task;
        }
    }

    private void Moved()
    {
        while (_waiting.First is { } first && HasRoom())
        {
            _waiting.RemoveFirst();
            first.Value.SetResult(Give());
        }

        if (_unanswered.Count == _givenUp.Count && _waiting.Count == 0)
        {
            _quiet?.TrySetResult();
        }
    }

    /// <summary>Makes room, if it is only commands that were given up that take it.</summary>
    private bool HasRoom()
    {
        while (_next - Lowest >= window)
        {
            if (!_givenUp.Remove(_unanswered.Min))
            {
                return false;
            }

            _unanswered.Remove(_unanswered.Min);
        }

        return true;
    }

    private long Give()
    {
        _unanswered.Add(_next);
        return _next++;
    }
}
