namespace LifeRaft;

/// <summary>One change of one key.</summary>
/// <param name="Revision">When: the log index of the command.</param>
/// <param name="IsDelete">Whether the key was removed, by a delete or with its lease.</param>
/// <param name="Entry">The entry that was written, or removed.</param>
internal readonly record struct KeyValueChange(long Revision, bool IsDelete, KeyValueEntry Entry);

/// <summary>How much of its history a store remembers. It is the same on every member, so it is no option.</summary>
/// <param name="Changes">So many changes.</param>
/// <param name="Bytes">Changes of so many bytes; whichever of the two is reached first.</param>
internal sealed record KeyValueHistoryBounds(int Changes, long Bytes)
{
    public static KeyValueHistoryBounds Default { get; } = new(10_000, 8 * 1024 * 1024);
}

/// <summary>
/// The last changes of a store, for those who watch it: bounded, in order, and the same on every member, for it is a part of the state.
/// </summary>
/// <remarks>
/// Changes stand in chunks, each of which knows the next; a place that was written once is never written again. So a view of a moment
/// is a place and a count, whatever is appended and trimmed afterwards, also on another thread.
/// </remarks>
internal sealed class KeyValueHistory
{
    private const int BytesPerChange = 64;

    private readonly KeyValueHistoryBounds _bounds;
    private Chunk _first;
    private Chunk _last;

    // Where in the first chunk the oldest change stands.
    private int _start;
    private int _count;
    private long _bytes;
    private long _newest;

    /// <param name="bounds">How much is remembered.</param>
    /// <param name="oldestRevision">From this revision on every change is, or will be, remembered.</param>
    public KeyValueHistory(KeyValueHistoryBounds bounds, long oldestRevision = 1)
    {
        (_bounds, OldestRevision) = (bounds, oldestRevision);
        _first = _last = new Chunk(Chunk.ShortestLength);
    }

    /// <summary>From this revision on every change is remembered.</summary>
    public long OldestRevision { get; private set; }

    /// <summary>What a change counts towards the bound in bytes.</summary>
    public static long BytesOf(in KeyValueChange change) => BytesPerChange + change.Entry.Key.Length + change.Entry.Value.Length;

    /// <summary>Puts a change in its place that had it in a history before: it is within the bounds.</summary>
    public void Restore(in KeyValueChange change) => Put(change);

    /// <summary>Appends a change, whose revision is not lower than the last one's, and forgets the oldest beyond the bounds.</summary>
    public void Append(in KeyValueChange change)
    {
        Put(change);

        // Invariant: the changes of the newest revision are all there, however large they are, or nobody could see them in time.
        while ((_count > _bounds.Changes || _bytes > _bounds.Bytes) && Oldest.Revision != _newest)
        {
            OldestRevision = Oldest.Revision + 1;
            do
            {
                TrimOldest();
            }
            while (Oldest.Revision < OldestRevision);
        }
    }

    public View Capture() => new(OldestRevision, _first, _start, _count);

    /// <summary>The changes from a revision on.</summary>
    public IEnumerable<KeyValueChange> From(long revision)
    {
        // Who watches is mostly near the end. If the last chunk begins before the revision, nothing of it can be in an earlier one.
        var chunk = _last.Count > 0 && _last.Changes[0].Revision < revision ? _last : _first;
        while (chunk.Next is { } next && chunk.Changes[chunk.Count - 1].Revision < revision)
        {
            chunk = next;
        }

        var at = chunk == _first ? _start : 0;
        for (Chunk? part = chunk; part is not null; part = part.Next, at = 0)
        {
            for (; at < part.Count; at++)
            {
                if (part.Changes[at].Revision >= revision)
                {
                    yield return part.Changes[at];
                }
            }
        }
    }

    private ref readonly KeyValueChange Oldest => ref _first.Changes[_start];

    private void Put(in KeyValueChange change)
    {
        if (_last.Count == _last.Changes.Length || _last.Bytes > Chunk.EnoughBytes)
        {
            _last = _last.Next = new Chunk(Math.Min(2 * _last.Changes.Length, Chunk.LongestLength));
        }

        var bytes = BytesOf(change);
        _last.Changes[_last.Count++] = change;
        _last.Bytes += bytes;
        _newest = change.Revision;
        _count++;
        _bytes += bytes;
    }

    private void TrimOldest()
    {
        _bytes -= BytesOf(Oldest);
        _count--;
        if (++_start == _first.Count && _first.Next is { } next)
        {
            (_first, _start) = (next, 0);
        }
    }

    /// <summary>The history of one moment.</summary>
    internal readonly struct View
    {
        private readonly Chunk _first;
        private readonly int _start;

        public View(long oldestRevision, Chunk first, int start, int count)
        {
            (OldestRevision, _first, _start, Count) = (oldestRevision, first, start, count);
        }

        public long OldestRevision { get; }

        public int Count { get; }

        public IEnumerable<KeyValueChange> Changes()
        {
            var (chunk, at) = (_first, _start);
            for (var i = 0; i < Count; i++, at++)
            {
                // While changes of the view remain, a chunk that seems to be at its end is: only the last of all grows.
                if (at == chunk.Count)
                {
                    (chunk, at) = (chunk.Next!, 0);
                }

                yield return chunk.Changes[at];
            }
        }
    }

    internal sealed class Chunk(int length)
    {
        /// <summary>Of the first one: many stores never see more.</summary>
        public const int ShortestLength = 4;

        public const int LongestLength = 128;

        /// <summary>A chunk that has more is at its end: what is trimmed is only let go with its chunk.</summary>
        public const long EnoughBytes = 256 * 1024;

        public KeyValueChange[] Changes { get; } = new KeyValueChange[length];

        /// <summary>How many places are written.</summary>
        public int Count { get; set; }

        public long Bytes { get; set; }

        public Chunk? Next { get; set; }
    }
}
