using Microsoft.Win32.SafeHandles;

namespace LifeRaft.Hosting.Tests.Storage;

/// <summary>
/// A disk that loses power: from one moment on it fails, and of what was written and not synced until then it keeps, block by block, what
/// chance decides.
/// </summary>
internal sealed class PowerCutDevice(int seed) : WriteAheadDevice
{
    private const int Block = 512;

    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);
    private readonly Dictionary<SafeFileHandle, List<(long Offset, byte[] Before, byte[] After)>> _unsynced = [];
    private int _stepsLeft = int.MaxValue;

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

    internal override void Allocate(string file, long bytes) => Step(() => base.Allocate(file, bytes));

    internal override SafeFileHandle Open(string file)
    {
        var handle = base.Open(file);
        lock (_gate)
        {
            _unsynced[handle] = [];
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

    internal override void Publish(string temporary, string file) => Step(() => base.Publish(temporary, file));

    internal override void Delete(string file) => Step(() => base.Delete(file));

    private void Step(Action step, Action? whenCut = null)
    {
        lock (_gate)
        {
            Steps++;
            if (_stepsLeft <= 0)
            {
                whenCut?.Invoke();
                throw new IOException("The power was cut.");
            }

            _stepsLeft--;
            step();
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
