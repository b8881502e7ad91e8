using Microsoft.Win32.SafeHandles;

namespace LifeRaft.Hosting.Tests.Storage;

/// <summary>
/// A disk that loses power: from one moment on it fails, and of what was written and not synced until then it keeps, block by block, what
/// chance decides. The same goes for a name that was given past the device, and so never was made durable.
/// </summary>
internal sealed class PowerCutDevice(int seed) : WriteAheadDevice
{
    private const int Block = 512;

    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);
    private readonly Dictionary<SafeFileHandle, List<(long Offset, byte[] Before, byte[] After)>> _unsynced = [];
    private readonly HashSet<string> _named = [];
    private readonly List<(string Now, string Before)> _renamed = [];
    private int _stepsLeft = int.MaxValue;
    private bool _isCut;

    /// <summary>How many segments were begun in a file that was a segment before.</summary>
    public int Reused { get; private set; }

    /// <summary>How many steps succeed behind the beginning of such a segment; null for no limit of their own.</summary>
    public int? StepsAfterReuse { get; init; }

    /// <summary>How many there were.</summary>
    public long Steps { get; private set; }

    /// <summary>How many more steps (allocations, writes, syncs, renames, deletions) succeed.</summary>
    public int StepsLeft
    {
        set
        {
            lock (_gate)
            {
                _stepsLeft = value;
            }
        }
    }

    public bool IsCut
    {
        get
        {
            lock (_gate)
            {
                return _stepsLeft <= 0;
            }
        }
    }

    internal override void Allocate(string file, long bytes) => Step(() =>
    {
        base.Allocate(file, bytes);
        _named.Add(file);
    });

    internal override SafeFileHandle Open(string file)
    {
        var handle = base.Open(file);
        lock (_gate)
        {
            _unsynced[handle] = [];
            NoteWhatItWas(file, handle);
        }

        return handle;
    }

    internal override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        var copy = bytes.ToArray();
        var before = new byte[copy.Length];
        RandomAccess.Read(file, before, offset);
        lock (_gate)
        {
            // A write that power is lost in is one that was begun.
            base.Write(file, copy, offset);
            _unsynced[file].Add((offset, before, copy));
        }

        Step(() => { }, () => Lose(file));
    }

    internal override void Sync(SafeFileHandle file)
    {
        Step(() => base.Sync(file), () => Lose(file));
        lock (_gate)
        {
            _unsynced[file].Clear();
        }
    }

    internal override void Publish(string temporary, string file) => Step(
        () =>
        {
            base.Publish(temporary, file);
            _named.Add(file);
            _renamed.Clear(); // The directory was synced.
        },
        whenCutHere: () =>
        {
            if (File.Exists(temporary) && _random.Next(2) == 0)
            {
                File.Move(temporary, file, overwrite: true);
            }
        });

    internal override void Delete(string file) => Step(() => base.Delete(file));

    private void Step(Action step, Action? whenCut = null, Action? whenCutHere = null)
    {
        lock (_gate)
        {
            Steps++;
            if (_stepsLeft <= 0)
            {
                whenCut?.Invoke();
                if (!_isCut)
                {
                    _isCut = true;
                    LoseNames();
                    whenCutHere?.Invoke();
                }

                throw new IOException("The power was cut.");
            }

            _stepsLeft--;
            step();
        }
    }

    /// <summary>The header of a file that was a segment says which; what is written next goes over it.</summary>
    private void NoteWhatItWas(string file, SafeFileHandle handle)
    {
        var bytes = new byte[SegmentHeader.Bytes];
        RandomAccess.Read(handle, bytes, 0);
        if (SegmentHeader.Decode(bytes) is { } header && SegmentNames.Of(Path.GetDirectoryName(file)!, header.Sequence, header.IsKept) is var before && before != file)
        {
            Reused++;
            _stepsLeft = StepsAfterReuse ?? _stepsLeft;
            if (!_named.Contains(file))
            {
                _renamed.Add((file, before));
            }
        }
    }

    private void LoseNames()
    {
        foreach (var (now, before) in _renamed)
        {
            if (_random.Next(2) == 0)
            {
                File.Move(now, before);
            }
        }
    }

    private void Lose(SafeFileHandle file)
    {
        foreach (var (offset, before, after) in _unsynced[file])
        {
            for (var at = 0; at < after.Length; at += Block)
            {
                if (_random.Next(2) == 0)
                {
                    var length = Math.Min(Block, after.Length - at);
                    RandomAccess.Write(file, before.AsSpan(at, length), offset + at);
                }
            }
        }

        _unsynced[file].Clear();
    }
}
