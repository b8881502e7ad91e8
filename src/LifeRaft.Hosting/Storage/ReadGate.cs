namespace LifeRaft.Hosting;

/// <summary>Keeps the database open while somebody reads: closing it under a reader would end the process.</summary>
internal sealed class ReadGate
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _readers;
    private bool _isClosed;

    /// <summary>Reads, and keeps the store open meanwhile.</summary>
    /// <exception cref="LogStoreStoppedException">The store was closed.</exception>
    internal T Read<T>(string description, Func<T> read)
    {
        if (!TryEnter())
        {
            throw new LogStoreStoppedException($"{description} was closed. Open a new store.");
        }

        try
        {
            return read();
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Whether the caller may read; if so it must <see cref="Leave"/>.</summary>
    internal bool TryEnter()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            _readers++;
            return true;
        }
    }

    internal void Leave()
    {
        lock (_gate)
        {
            _readers--;
            CompleteIfEmpty();
        }
    }

    /// <summary>Lets nobody in any more and waits for those inside.</summary>
    internal Task Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            CompleteIfEmpty();
        }

        return _empty.Task;
    }

    private void CompleteIfEmpty()
    {
        if (_isClosed && _readers == 0)
        {
            _empty.TrySetResult();
        }
    }
}
