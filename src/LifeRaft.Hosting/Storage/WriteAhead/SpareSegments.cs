namespace LifeRaft.Hosting;

/// <summary>
/// Files that are ready to become segments. To fill a file with zeros takes longer than a commit may wait, so one is kept ready: a segment
/// that is not needed any more, or one that is made in the background. Two that have gone are kept: segments come and go in no fixed order,
/// and with one a file would be made for each, and deleted for each.
/// </summary>
internal sealed class SpareSegments(string directory, long segmentBytes, WriteAheadDevice device, Action<Exception> failed)
{
    private const int MostReady = 2;

    private readonly Lock _gate = new();
    private readonly Queue<string> _ready = new();
    private Task _work = Task.CompletedTask;
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
                _ready.TryDequeue(out ready);
            }
        }

        if (ready is null)
        {
            ready = NewName();
            device.Allocate(ready, bytes);
        }

        return (ready, bytes);
    }

    /// <summary>Sees to it that a file is ready. Called behind the return of what has gone: that is written over before a file is made.</summary>
    public void Prepare() => Do(() =>
    {
        if (Ready() > 0)
        {
            return;
        }

        var name = NewName();
        device.Allocate(name, segmentBytes);
        Add(name);
    });

    /// <summary>A segment has gone: its file is written over, or deleted.</summary>
    public void Return(Segment segment) => Do(() =>
    {
        var isOfUse = !segment.Header.IsKept && RandomAccess.GetLength(segment.Handle) == segmentBytes && Ready() < MostReady;
        segment.Handle.Dispose();
        if (!isOfUse)
        {
            device.Delete(segment.File);
            return;
        }

        var name = NewName();
        device.Publish(segment.File, name); // Durably: what is written over it next must never be found under the old name.
        Add(name);
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

    private int Ready()
    {
        lock (_gate)
        {
            return _ready.Count;
        }
    }

    private void Add(string file)
    {
        lock (_gate)
        {
            _ready.Enqueue(file);
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
