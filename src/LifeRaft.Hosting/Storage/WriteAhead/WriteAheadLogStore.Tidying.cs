namespace LifeRaft.Hosting;

/// <summary>Gives room back.</summary>
public sealed partial class WriteAheadLogStore
{
    /// <summary>So many segments are left alone: most of what they hold goes by itself when its nodes take their next snapshots.</summary>
    private const int LeftAlone = 4;

    // Touched by the writer only.
    private Segment? _tidiedBehind;

    /// <summary>Called by the writer behind each commit. There is room to give back when a log has shrunk, or another segment was begun.</summary>
    private void TidyAfter(Segment written, bool hasShrunk)
    {
        if (!hasShrunk && written == _tidiedBehind)
        {
            return;
        }

        _tidiedBehind = written;
        Log.RetireDead();
        _spares.Prepare();
        var candidates = Log.Segments.SkipLast(1).Where(segment => !segment.Header.IsKept).ToList();
        if (candidates.Count > LeftAlone && !candidates.Any(segment => segment.IsBeingKept)
            && candidates.FirstOrDefault(segment => segment.LiveBytes < segment.End / 2) is { } sparse)
        {
            sparse.IsBeingKept = true;
            var runs = _index.Nodes.SelectMany(node => node.Runs().Where(run => run.Segment == sparse).Select(run => (node.Number, Run: run))).OrderBy(live => live.Run.Offset).ToList();
            _spares.Do(() => Keep(sparse, runs));
        }
    }

    /// <summary>Copies what is needed of a segment; the writer then puts the copy in its place.</summary>
    private void Keep(Segment sparse, IReadOnlyList<(long Number, EntryRun Run)> runs)
    {
        SegmentCopy copy;
        try
        {
            copy = SegmentCopy.Make(SegmentDirectory, sparse, runs, _device, _spares.Return);
        }
        catch
        {
            sparse.IsBeingKept = false;
            throw;
        }

        try
        {
            Queue(new Replacement(this, sparse, copy));
        }
        catch (LogStoreStoppedException)
        {
            copy.Kept.Handle.Dispose(); // The next start takes it for the segment.
        }
    }

    /// <summary>The copy takes the place of its original.</summary>
    private sealed class Replacement(WriteAheadLogStore store, Segment original, SegmentCopy copy) : GroupCommitWork
    {
        internal override bool ChangesTheStore => false;

        internal override void Stage()
        {
        }

        internal override void Committed()
        {
            foreach (var (number, run, offset) in copy.Runs)
            {
                store._index.Find(number)?.Move(run, copy.Kept, offset);
            }

            store.Log.Replace(original, copy.Kept);
        }

        internal override void Complete()
        {
            if (Failure is not null)
            {
                copy.Kept.Handle.Dispose();
            }
        }
    }
}
