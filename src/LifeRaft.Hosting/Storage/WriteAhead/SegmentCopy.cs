namespace LifeRaft.Hosting;

/// <summary>A copy of what is still needed of a segment.</summary>
/// <param name="Kept">The copy.</param>
/// <param name="Runs">What was copied: the number of the node, the original, and where it lies now.</param>
internal sealed record SegmentCopy(Segment Kept, IReadOnlyList<(long Number, EntryRun Run, long Offset)> Runs)
{
    private const int EnoughFrameBytes = 1024 * 1024;

    /// <summary>Makes a copy, which is durable and has its name when this returns.</summary>
    /// <exception cref="IOException">The device failed. The original stays.</exception>
    public static SegmentCopy Make(
        string directory, Segment original, IReadOnlyList<(long Number, EntryRun Run)> runs, WriteAheadDevice device, Action<Segment> abandoned)
    {
        // The original does not go before this has ended.
        var header = original.Header with { IsKept = true, FirstFrame = 1 };
        var (file, unfinished) = (SegmentNames.Of(directory, header.Sequence, isKept: true), SegmentNames.OfUnfinished(directory, $"kept-{header.Sequence}"));
        device.Allocate(unfinished, 0);
        var handle = device.Open(unfinished);
        try
        {
            var kept = new Segment(header, file, handle, abandoned);
            var copied = Copy(original, runs, kept, device);
            device.Publish(unfinished, file);
            return new SegmentCopy(kept, copied);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static List<(long, EntryRun, long)> Copy(Segment original, IReadOnlyList<(long Number, EntryRun Run)> runs, Segment kept, WriteAheadDevice device)
    {
        device.Write(kept.Handle, kept.Header.Encode(), 0);
        var copied = new List<(long, EntryRun, long)>();
        var frame = new StoreRecordWriter();
        var number = 0L;
        foreach (var (node, run) in runs)
        {
            var body = new byte[run.Length];
            if (RandomAccess.Read(original.Handle, body, run.Offset) < body.Length || EntryRuns.Damage(body, node, run) is not null)
            {
                throw new IOException($"{Path.GetFileName(original.File)} is damaged at {run.Offset}; it is not copied.");
            }

            copied.Add((node, run, kept.End + frame.CopyEntries(body)));
            if (frame.Length >= EnoughFrameBytes)
            {
                Write(device, kept, frame, ++number);
            }
        }

        Write(device, kept, frame, ++number);
        device.Sync(kept.Handle);
        return copied;
    }

    private static void Write(WriteAheadDevice device, Segment kept, StoreRecordWriter frame, long number)
    {
        var records = frame.Length;
        var bytes = frame.Frame();
        SegmentFrame.Close(bytes.Span, records, kept.Header, number);
        device.Write(kept.Handle, bytes.Span, kept.End);
        kept.End += bytes.Length;
        frame.Clear();
    }
}
