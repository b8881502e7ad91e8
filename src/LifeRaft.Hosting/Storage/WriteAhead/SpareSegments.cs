namespace LifeRaft.Hosting;

/// <summary>
/// Files that are ready to become segments. To fill a file with zeros takes longer than a commit may wait, so one is kept ready: a segment
/// that is not needed any more, or one that is made in the background.
/// </summary>
internal sealed class SpareSegments(string directory, long segmentBytes, WriteAheadDevice device, Action<Exception> failed)
{
    private readonly Lock _gate = new();
    private Task _work = Task.CompletedTask;
    private string? _ready;
    private int _number;
    private bool _isClosed;

    /// <summary>A file of at least that size, and its size.</summary>
    public (string File, long Bytes) Take(long bytes)
    {
        string? ready = null;
        lock (_gate)
        {
            if (bytes <= segmentBytes)
            {
                (ready, _ready) = (_ready, null);
            }
        }

        if (ready is null)
        {
            ready = NewName();
            device.Allocate(ready, bytes);
        }

        Do(Prepare);
        return (ready, bytes);
    }

    /// <summary>A segment has gone: its file is written over, or deleted.</summary>
    public void Return(Segment segment) => Do(() =>
    {
        var isOfUse = !segment.Header.IsKept && RandomAccess.GetLength(segment.Handle) == segmentBytes;
        segment.Handle.Dispose();
        lock (_gate)
        {
            isOfUse &= _ready is null;
        }

        if (!isOfUse)
        {
            device.Delete(segment.File);
            return;
        }

        var name = NewName();
        File.Move(segment.File, name);
        lock (_gate)
        {
            _ready = name;
        }
    });

    /// <summary>Completes when nothing is done in the background any more.</summary>
    public Task Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            return _work;
        }
    }

    /// <summary>Does something in the background, after what was begun before.</summary>
    public void Do(Action action)
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                _work = _work.ContinueWith(_ => Try(action), TaskScheduler.Default);
            }
        }
    }

    private void Prepare()
    {
        lock (_gate)
        {
            if (_ready is not null)
            {
                return;
            }
        }

        var name = NewName();
        device.Allocate(name, segmentBytes);
        lock (_gate)
        {
            _ready = name;
        }
    }

    private string NewName() => SegmentNames.OfUnfinished(directory, $"spare-{Interlocked.Increment(ref _number)}");

    /// <summary>What fails here keeps nobody from working: a commit that needs a file makes one, and fails itself if it cannot.</summary>
    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            failed(failure);
        }
    }
}
