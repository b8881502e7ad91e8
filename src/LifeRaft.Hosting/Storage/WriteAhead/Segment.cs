using Microsoft.Win32.SafeHandles;

namespace LifeRaft.Hosting;

/// <summary>
/// One file of the log. It lives as long as a run of entries that is still in a log lies in it, and goes when the last reader has left:
/// another segment may then be written over it.
/// </summary>
internal sealed class Segment(SegmentHeader header, string file, SafeFileHandle handle, Action<Segment> abandoned)
{
    private readonly Lock _gate = new();
    private int _readers;
    private bool _isRetired;
    private bool _isGone;
    private bool _isBeingKept;

    public SegmentHeader Header => header;

    public string File => file;

    public SafeFileHandle Handle => handle;

    /// <summary>Where its last frame ends. Changed by the writer only.</summary>
    public long End { get; set; } = SegmentHeader.Bytes;

    /// <summary>Bytes of the records whose entries are still in a log. Changed by the writer only.</summary>
    public long LiveBytes { get; set; }

    /// <summary>How many such records there are. Changed by the writer only.</summary>
    public int LiveRuns { get; set; }

    /// <summary>Whether what is needed of it is being copied. Until that has ended it does not go.</summary>
    public bool IsBeingKept
    {
        get => Volatile.Read(ref _isBeingKept);
        set => Volatile.Write(ref _isBeingKept, value);
    }

    /// <summary>Whether the caller may read; if so it must <see cref="Leave"/>.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (_isRetired)
            {
                return false;
            }

            _readers++;
            return true;
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            _readers--;
        }

        GoIfAbandoned();
    }

    /// <summary>Nothing in it is needed any more: it goes as soon as nobody reads it.</summary>
    public void Retire()
    {
        lock (_gate)
        {
            _isRetired = true;
        }

        GoIfAbandoned();
    }

    private void GoIfAbandoned()
    {
        lock (_gate)
        {
            if (!_isRetired || _readers > 0 || _isGone)
            {
                return;
            }

            _isGone = true;
        }

        abandoned(this);
    }
}
