using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// What is stored of one node, and where its entries lie. The writer changes it, and only by records that are durable; a claim and
/// readers look at it from other threads, so what is known of the log is behind a lock. The name, the identity and the hard state are not:
/// besides the writer only a claim reads them, and nobody writes a node while it is being claimed.
/// </summary>
/// <remarks>
/// While segments are read at a start the runs may have gaps, and ends that a deleted segment has cut off: a segment is deleted when the
/// entries in it are needed no more, and those around them may still be there. The beginning of a later segment, or the end of the
/// reading, sets them right; see <see cref="Gap"/>.
/// </remarks>
internal sealed class NodeIndex(long number)
{
    private readonly Lock _gate = new();

    /// <summary>Invariant: in order, and without overlap.</summary>
    private readonly List<EntryRun> _runs = [];

    public long Number => number;

    /// <summary>Its name in the store; empty while only entries of it were met.</summary>
    public string Name { get; set; } = "";

    public NodeIdentity Identity { get; set; }

    public HardState HardState { get; set; }

    public LogPosition Base { get; private set; }

    public LogIndex Last { get; private set; }

    public SnapshotHeader? Snapshot { get; private set; }

    /// <summary>Entries that replace everything from the first of them on.</summary>
    public void Replace(EntryRun run)
    {
        lock (_gate)
        {
            CutFrom(run.First);
            _runs.Add(run);
            (run.Segment.LiveRuns, run.Segment.LiveBytes) = (run.Segment.LiveRuns + 1, run.Segment.LiveBytes + run.Length);
            Last = run.Last;
        }
    }

    /// <summary>A snapshot is in force, and the log begins after its base.</summary>
    public void Begin(SnapshotWrite snapshot)
    {
        lock (_gate)
        {
            Snapshot = snapshot.Header;
            Base = snapshot.Base;
            if (snapshot.ReplacesLog)
            {
                CutFrom(LogIndex.Zero);
                Last = snapshot.Base.Index;
            }

            DropUpTo(Base.Index);
        }
    }

    /// <summary>What a segment says at its beginning of the log that lies before it.</summary>
    public void Settle(LogPosition start, LogIndex last, SnapshotHeader? snapshot)
    {
        lock (_gate)
        {
            (Base, Snapshot) = (start, snapshot);
            CutFrom(last + 1);
            Last = last;
            DropUpTo(start.Index);
        }
    }

    /// <summary>The node is deleted.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            CutFrom(LogIndex.Zero);
        }
    }

    /// <summary>The runs now.</summary>
    public IReadOnlyList<EntryRun> Runs()
    {
        lock (_gate)
        {
            return [.. _runs];
        }
    }

    /// <summary>The run that holds the entry, its segment entered; null when there is none.</summary>
    public EntryRun? Enter(LogIndex index)
    {
        lock (_gate)
        {
            var at = Find(index);
            return at < _runs.Count && _runs[at].First <= index && _runs[at].Segment.TryEnter() ? _runs[at] : null;
        }
    }

    /// <summary>Puts a run that was copied in the place of what is left of the original. Whether it was still needed.</summary>
    public bool Move(EntryRun original, Segment to, long offset)
    {
        lock (_gate)
        {
            var at = _runs.FindIndex(run => run.Segment == original.Segment && run.Offset == original.Offset);
            if (at < 0)
            {
                return false;
            }

            Release(_runs[at]);
            _runs[at] = _runs[at] with { Segment = to, Offset = offset };
            (to.LiveRuns, to.LiveBytes) = (to.LiveRuns + 1, to.LiveBytes + original.Length);
            return true;
        }
    }

    /// <summary>The first entry that should be there and is not; null when the log is whole.</summary>
    public LogIndex? Gap()
    {
        lock (_gate)
        {
            var next = Base.Index + 1;
            foreach (var run in _runs)
            {
                if (run.First != next)
                {
                    return next;
                }

                next = run.Last + 1;
            }

            return next == Last + 1 ? null : next;
        }
    }

    /// <summary>For each term that begins after the base, its first entry.</summary>
    public IReadOnlyList<TermStart> TermStarts()
    {
        lock (_gate)
        {
            var starts = new List<TermStart>();
            var term = Base.Term;
            foreach (var run in _runs)
            {
                foreach (var (first, own) in run.Terms)
                {
                    // A term that begins before what is left of the run goes on there, unless the next one begins there, too.
                    var at = LogIndex.Max(first, run.First);
                    if (own != term && at <= run.Last && !run.Terms.Any(later => later.First > first && later.First <= at))
                    {
                        starts.Add(new TermStart(at, own));
                        term = own;
                    }
                }
            }

            return starts;
        }
    }

    /// <summary>The entries that are configurations.</summary>
    public IReadOnlyList<LogIndex> Configurations()
    {
        lock (_gate)
        {
            return [.. _runs.Where(run => run.Configurations is not null).SelectMany(run => run.Configurations!.Where(index => index >= run.First && index <= run.Last))];
        }
    }

    private void CutFrom(LogIndex index)
    {
        while (_runs.Count > 0 && _runs[^1].Last >= index)
        {
            var run = _runs[^1];
            if (run.First >= index)
            {
                Release(run);
                _runs.RemoveAt(_runs.Count - 1);
            }
            else
            {
                _runs[^1] = run with { Last = index - 1 };
            }
        }
    }

    private void DropUpTo(LogIndex index)
    {
        var dropped = 0;
        for (; dropped < _runs.Count && _runs[dropped].Last <= index; dropped++)
        {
            Release(_runs[dropped]);
        }

        _runs.RemoveRange(0, dropped);
        if (_runs.Count > 0 && _runs[0].First <= index)
        {
            _runs[0] = _runs[0] with { First = index + 1 };
        }
    }

    private static void Release(EntryRun run) =>
        (run.Segment.LiveRuns, run.Segment.LiveBytes) = (run.Segment.LiveRuns - 1, run.Segment.LiveBytes - run.Length);

    /// <summary>Where the first run lies that does not end before the entry.</summary>
    private int Find(LogIndex index)
    {
        var (low, high) = (0, _runs.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _runs[middle].Last < index ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
