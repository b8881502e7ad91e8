using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// Reads the segments when the store is opened. What was written last may be torn: its commit was acknowledged to nobody, so it is cut
/// off. Damage anywhere else is refused by file and place.
/// </summary>
internal sealed class Recovery(string directory, string description, WriteAheadDevice device, Action<Segment> abandoned)
{
    /// <summary>What the segments say.</summary>
    public StoreIndex Index { get; } = new();

    /// <summary>The segments that are there, in order.</summary>
    public List<Segment> Segments { get; } = [];

    /// <summary>The number of the last whole frame; zero for none.</summary>
    public long LastFrame { get; private set; }

    /// <summary>Where a frame was cut off, or null.</summary>
    public (string File, long Offset)? Torn { get; private set; }

    public void Read()
    {
        try
        {
            var files = Files();
            if (files.Count > 0)
            {
                ReadSegments(files);
            }
        }
        catch
        {
            Segments.ForEach(segment => segment.Handle.Dispose());
            throw;
        }
    }

    /// <summary>By number. Where a segment and its copy are there, the copy is whole, and the segment was about to go.</summary>
    private List<string> Files()
    {
        var files = Directory.EnumerateFiles(directory).ToList();
        foreach (var file in files.Where(SegmentNames.IsUnfinished))
        {
            device.Delete(file);
        }

        var chosen = new List<string>();
        foreach (var same in files.Where(file => SegmentNames.Parse(file) is not null).GroupBy(file => SegmentNames.Parse(file)!.Value.Sequence).OrderBy(same => same.Key))
        {
            chosen.Add(same.MaxBy(file => SegmentNames.Parse(file)!.Value.IsKept)!);
            foreach (var other in same.Where(file => file != chosen[^1]))
            {
                device.Delete(other);
            }
        }

        return chosen;
    }

    private void ReadSegments(List<string> files)
    {
        // The last one begins with what it was written behind. A segment that it does not name was not needed any more even then.
        var last = File.ReadAllBytes(files[^1]);
        var ends = Checkpoint(files[^1], last).Segments.ToDictionary(segment => segment.Sequence, segment => segment.End);
        foreach (var file in files.SkipLast(1))
        {
            var (sequence, isKept) = SegmentNames.Parse(file)!.Value;
            if (!ends.TryGetValue(sequence, out var end))
            {
                device.Delete(file);
                continue;
            }

            var bytes = File.ReadAllBytes(file);
            ReadWhole(file, bytes, isKept ? bytes.Length : end);
        }

        ReadLast(files[^1], last);
    }

    private CheckpointBegun Checkpoint(string file, byte[] bytes)
    {
        var segment = new Segment(Header(file, bytes), file, null!, abandoned);
        return SegmentFrame.Open(bytes.AsSpan(SegmentHeader.Bytes), segment.Header) is { } frame
            && Records(segment, bytes, SegmentHeader.Bytes, frame.Records) is [CheckpointBegun begun, ..]
            ? begun
            : throw Corrupt(file, SegmentHeader.Bytes, "it does not begin with what it was written behind");
    }

    private void ReadWhole(string file, byte[] bytes, long end)
    {
        var segment = Add(file, bytes);
        while (segment.End < end)
        {
            if (!TryReadFrame(segment, bytes))
            {
                throw Corrupt(file, segment.End, $"no whole frame begins there, and the last one ends at {end}");
            }
        }
    }

    private void ReadLast(string file, byte[] bytes)
    {
        var segment = Add(file, bytes);
        while (TryReadFrame(segment, bytes))
        {
        }

        if (SegmentFrame.FindLater(bytes, segment.End, LastFrame + 1, segment.Header) is var later and >= 0)
        {
            throw Corrupt(file, segment.End, $"no whole frame begins there, but one that was written later does at {later}");
        }

        if (SegmentFrame.IsBegun(bytes.AsSpan((int)segment.End), LastFrame + 1))
        {
            Torn = (file, segment.End);
        }
    }

    private Segment Add(string file, byte[] bytes)
    {
        var header = Header(file, bytes);
        LastFrame = header.FirstFrame - 1;
        var segment = new Segment(header, file, device.Open(file), abandoned);
        Segments.Add(segment);
        return segment;
    }

    private SegmentHeader Header(string file, byte[] bytes)
    {
        var header = SegmentHeader.Decode(bytes) ?? throw Corrupt(file, 0, "it has no whole header");
        return SegmentNames.Parse(file) == (header.Sequence, header.IsKept)
            ? header
            : throw Corrupt(file, 0, $"its header says that it is segment {header.Sequence}");
    }

    private bool TryReadFrame(Segment segment, byte[] bytes)
    {
        if (SegmentFrame.Open(bytes.AsSpan((int)segment.End), segment.Header) is not { } frame || frame.Number != LastFrame + 1)
        {
            return false;
        }

        foreach (var record in Records(segment, bytes, segment.End, frame.Records))
        {
            record.Apply(Index);
        }

        segment.End += SegmentFrame.Length(frame.Records);
        LastFrame = frame.Number;
        return true;
    }

    private List<StoreRecord> Records(Segment segment, byte[] bytes, long frame, int length)
    {
        var offset = frame + SegmentFrame.HeaderBytes;
        try
        {
            return StoreRecordReader.Read(bytes.AsMemory((int)offset, length), segment, offset);
        }
        catch (FormatException failure)
        {
            throw Corrupt(segment.File, frame, $"the frame there is whole, but {failure.Message}", failure);
        }
    }

    private LogStoreCorruptException Corrupt(string file, long offset, string reason, Exception? inner = null) => new(
        $"{description}: {Path.GetFileName(file)} is damaged at {offset}: {reason}. Nothing was skipped or repaired. "
        + "Empty the directory and let the silo's nodes join again; their groups have what they held.",
        inner);
}
