using Microsoft.Win32.SafeHandles;

namespace LifeRaft.Hosting;

/// <summary>
/// Where frames are appended, and where segments begin and end. A segment is made under another name, begins with everything that is
/// known of what lies before it, and gets its name when that is durable: so each segment before it that holds no needed entries may go.
/// All members are used by the writer.
/// </summary>
internal sealed class SegmentLog : IDisposable
{
    private readonly string _directory;
    private readonly WriteAheadDevice _device;
    private readonly long _segmentBytes;
    private readonly Guid _store;
    private readonly StoreIndex _index;
    private readonly List<Segment> _segments;
    private readonly StoreRecordWriter _checkpoint = new();
    private readonly SpareSegments _spares;
    private long _lastFrame;
    private long _capacity;

    public SegmentLog(string directory, WriteAheadDevice device, long segmentBytes, Recovery recovery, SpareSegments spares)
    {
        (_directory, _device, _segmentBytes, _index, _segments, _spares) = (directory, device, segmentBytes, recovery.Index, recovery.Segments, spares);
        _lastFrame = recovery.LastFrame;
        _store = _segments.Count > 0 ? _segments[^1].Header.Store : Guid.NewGuid();
    }

    /// <summary>The segments that are there, in order; the last one is written.</summary>
    public IReadOnlyList<Segment> Segments => _segments;

    private Segment Active => _segments[^1];

    /// <summary>Writes a frame and makes it durable; where it lies.</summary>
    public (Segment Segment, long Offset) Append(StoreRecordWriter records)
    {
        var length = SegmentFrame.Length(records.Length);
        if (Active.End + length > _capacity)
        {
            Begin(length);
        }

        var offset = Active.End;
        Write(Active, records);
        return (Active, offset);
    }

    /// <summary>Begins a segment that has room for so many bytes behind its beginning.</summary>
    public void Begin(long room)
    {
        _checkpoint.Clear();
        _checkpoint.Write(new CheckpointBegun(_index.StartCount, _index.NextNumber, [.. _index.DeletedGroups], [.. _segments.Select(segment => (segment.Header.Sequence, segment.End))]));
        foreach (var node in _index.Nodes)
        {
            _checkpoint.Write(CheckpointOfNode.Of(node));
        }

        _checkpoint.Write(new CheckpointEnded([.. _index.Nodes.Select(node => node.Number)]));
        var needed = SegmentHeader.Bytes + SegmentFrame.Length(_checkpoint.Length) + room;
        var sequence = (_segments.Count > 0 ? Active.Header.Sequence : 0) + 1;
        var header = new SegmentHeader(_store, sequence, IsKept: false, _lastFrame + 1);
        var file = SegmentNames.Of(_directory, sequence, isKept: false);
        var (unfinished, bytes) = _spares.Take(Math.Max(_segmentBytes, needed));
        SafeFileHandle handle = _device.Open(unfinished);
        try
        {
            _device.Write(handle, header.Encode(), 0);
            var begun = new Segment(header, file, handle, _spares.Return);
            Write(begun, _checkpoint);
            _device.Publish(unfinished, file);
            _capacity = bytes;
            _segments.Add(begun);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Lets go of the segments in which nothing is needed any more.</summary>
    public void RetireDead()
    {
        foreach (var dead in _segments.SkipLast(1).Where(segment => segment.LiveRuns == 0 && !segment.IsBeingKept).ToList())
        {
            _segments.Remove(dead);
            dead.Retire();
        }
    }

    /// <summary>Puts a copy of what is needed of a segment in its place.</summary>
    public void Replace(Segment original, Segment kept)
    {
        _segments[_segments.IndexOf(original)] = kept;
        original.Retire();
    }

    public void Dispose() => _segments.ForEach(segment => segment.Handle.Dispose());

    private void Write(Segment segment, StoreRecordWriter records)
    {
        var length = records.Length;
        var frame = records.Frame();
        SegmentFrame.Close(frame.Span, length, segment.Header, _lastFrame + 1);
        _device.Write(segment.Handle, frame.Span, segment.End);
        _device.Sync(segment.Handle);
        segment.End += frame.Length;
        _lastFrame++;
    }
}
