namespace LifeRaft.Protocol;

/// <summary>
/// What a node knows about its log: where it begins, the terms of all entries, the newest entries themselves, and how much is
/// durable. Older entries are read from the disk by the host; those up to the base are part of a snapshot, and gone.
/// </summary>
internal sealed class RaftLog
{
    /// <summary>Invariant: the first one is the base, so that each index from there on lies in a run.</summary>
    private readonly List<TermStart> _termStarts;
    private readonly List<LogEntry> _cache = [];
    private readonly long _cachedBytesLimit;
    private long _cachedBytes;

    /// <summary>Invariant: entries before this index have been handed to a write that was not truncated since.</summary>
    private LogIndex _firstUnwritten;

    /// <summary>Invariant: the write in flight makes nothing after this index durable; lowered when its tail is truncated meanwhile.</summary>
    private LogIndex _inFlightLast;

    public RaftLog(LogPosition start, LogIndex last, IReadOnlyList<TermStart> termStarts, long cachedBytesLimit)
    {
        _termStarts = [new TermStart(start.Index, start.Term), .. termStarts];
        _cachedBytesLimit = cachedBytesLimit;
        Last = last;
        Durable = last;
        _firstUnwritten = last + 1;
        _inFlightLast = last;
    }

    /// <summary>The entry before the first one of this log. Everything up to it is committed.</summary>
    public LogPosition Base => new(_termStarts[0].First, _termStarts[0].Term);

    /// <summary>Where the newest terms of this log begin, at most 64 of them.</summary>
    public IReadOnlyList<TermStart> TermStarts => [.. _termStarts.TakeLast(64)];

    public LogIndex Last { get; private set; }

    public Term LastTerm => TermAt(Last);

    /// <summary>
    /// Everything up to here is on disk, and is what this log holds now. Less than <see cref="Base"/> only while a snapshot that was
    /// installed is not durable.
    /// </summary>
    public LogIndex Durable { get; private set; }

    /// <summary>The first entry that is in memory; one after <see cref="Last"/> when none is.</summary>
    public LogIndex FirstCached => Last - _cache.Count + 1;

    public bool HasUnwritten => _firstUnwritten <= Last;

    /// <summary>The term of an entry, or of the base.</summary>
    public Term TermAt(LogIndex index)
    {
        if (index > Last || index < Base.Index)
        {
            throw new RaftInvariantException($"The term of entry {index} was asked for, but the log goes from {Base} to {Last}.");
        }

        var run = _termStarts.Count - 1;
        if (_termStarts[run].First > index)
        {
            run = FindRun(index);
        }

        return _termStarts[run].Term;
    }

    /// <summary>
    /// Whether this log has an entry of that index and term (Raft paper, 5.3). What was compacted away is committed, so that whatever
    /// a leader has there is the same (raft-scenarios 25).
    /// </summary>
    public bool Matches(LogIndex index, Term term) => index < Base.Index || (index <= Last && TermAt(index) == term);

    /// <summary>Whether a log that ends so is at least as up to date as this one (Raft paper, 5.4.1): last term first, then last index.</summary>
    public bool IsUpToDate(Term lastTerm, LogIndex lastIndex) =>
        lastTerm > LastTerm || (lastTerm == LastTerm && lastIndex >= Last);

    /// <summary>The highest index at or below the given one whose term is not newer than the given one: where logs may agree.</summary>
    public LogIndex LastAtOrBelow(LogIndex index, Term term)
    {
        index = LogIndex.Min(index, Last);
        while (index > Base.Index && TermAt(index) > term)
        {
            index = _termStarts[FindRun(index)].First - 1;
        }

        return index;
    }

    /// <summary>Appends one entry at the end.</summary>
    public void Append(LogEntry entry)
    {
        if (entry.Index != Last + 1 || entry.Term < LastTerm)
        {
            throw new RaftInvariantException($"Entry {entry} cannot follow {Last}@{LastTerm}: indices have no gaps and terms never decrease.");
        }

        if (entry.Term > LastTerm)
        {
            _termStarts.Add(new TermStart(entry.Index, entry.Term));
        }

        _cache.Add(entry);
        _cachedBytes += entry.Encoded.Length;
        Last = entry.Index;
    }

    /// <summary>
    /// Removes the entries from the index on. What is durable goes down at once, and a write in flight raises it no further than
    /// to the entries that stay.
    /// </summary>
    public void TruncateFrom(LogIndex index)
    {
        if (index <= Base.Index)
        {
            throw new RaftInvariantException($"The log was to be truncated from {index} on, but everything up to {Base} is committed.");
        }

        var keep = Math.Max(0, index - FirstCached);
        for (var i = (int)keep; i < _cache.Count; i++)
        {
            _cachedBytes -= _cache[i].Encoded.Length;
        }

        _cache.RemoveRange((int)keep, _cache.Count - (int)keep);
        while (_termStarts.Count > 1 && _termStarts[^1].First >= index)
        {
            _termStarts.RemoveAt(_termStarts.Count - 1);
        }

        Last = index - 1;
        Durable = LogIndex.Min(Durable, Last);
        _inFlightLast = LogIndex.Min(_inFlightLast, Last);
        _firstUnwritten = LogIndex.Min(_firstUnwritten, index);
    }

    /// <summary>The entries that no write has taken yet; they are now taken.</summary>
    public IReadOnlyList<LogEntry> TakeUnwritten()
    {
        _inFlightLast = Last;
        if (!HasUnwritten)
        {
            return [];
        }

        var entries = _cache.GetRange((int)(_firstUnwritten - FirstCached), (int)(Last - _firstUnwritten) + 1);
        _firstUnwritten = Last + 1;
        return entries;
    }

    /// <summary>The log begins after the index from now on; everything up to it is in a snapshot.</summary>
    public void CompactTo(LogIndex index)
    {
        var run = FindRun(index);
        _termStarts[run] = _termStarts[run] with { First = index };
        _termStarts.RemoveRange(0, run);
        var dropped = (int)Math.Max(0, index - FirstCached + 1);
        DropCached(dropped);
    }

    /// <summary>
    /// All entries give way to a snapshot, after which the log is empty (Raft paper, Figure 13, step 7). On disk is what it was before,
    /// until the write that comes next.
    /// </summary>
    /// <param name="position">The last entry that the snapshot covers.</param>
    /// <param name="agreed">Up to here the old log is the same as what the snapshot was made of.</param>
    public void ReplaceBy(LogPosition position, LogIndex agreed)
    {
        _termStarts.Clear();
        _termStarts.Add(new TermStart(position.Index, position.Term));
        DropCached(_cache.Count);
        Last = position.Index;
        Durable = LogIndex.Min(Durable, agreed);
        _inFlightLast = LogIndex.Min(_inFlightLast, agreed);
        _firstUnwritten = Last + 1;
    }

    /// <summary>The write in flight is on disk.</summary>
    public void WriteIsDurable() => Durable = LogIndex.Max(Durable, _inFlightLast);

    /// <summary>Consecutive cached entries from the index on, at least one and then up to so many bytes; null when the first is not cached.</summary>
    public IReadOnlyList<LogEntry>? Cached(LogIndex first, LogIndex last, long maximumBytes)
    {
        if (first < FirstCached)
        {
            return null;
        }

        var start = (int)(first - FirstCached);
        var count = 0;
        var bytes = 0L;
        while (first + count <= last)
        {
            bytes += _cache[start + count].Encoded.Length;
            if (count > 0 && bytes > maximumBytes)
            {
                break;
            }

            count++;
        }

        return _cache.GetRange(start, count);
    }

    /// <summary>The size of entries that are not applied yet, so that they are all cached.</summary>
    public long CachedBytesOf(LogIndex first, LogIndex last)
    {
        var bytes = 0L;
        for (var index = first; index <= last; index += 1)
        {
            bytes += _cache[(int)(index - FirstCached)].Encoded.Length;
        }

        return bytes;
    }

    /// <summary>Forgets the oldest cached entries when there are too many. Only entries up to the given index may go.</summary>
    public void TrimCache(LogIndex evictable)
    {
        if (_cachedBytes <= _cachedBytesLimit)
        {
            return;
        }

        // Down to half, so that the shift of the rest is paid once per many entries.
        var last = LogIndex.Min(evictable, Durable);
        var count = 0;
        var bytes = _cachedBytes;
        while (bytes > _cachedBytesLimit / 2 && count < _cache.Count && _cache[count].Index <= last)
        {
            bytes -= _cache[count].Encoded.Length;
            count++;
        }

        DropCached(count);
    }

    /// <summary>Forgets all cached entries; for a log that is durable, applied, and needed by nobody for now.</summary>
    public void ForgetCached()
    {
        if (Durable < Last)
        {
            throw new RaftInvariantException($"The entries up to {Last} were to be forgotten, but only those up to {Durable} are durable.");
        }

        DropCached(_cache.Count);
        _cache.TrimExcess();
    }

    private void DropCached(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _cachedBytes -= _cache[i].Encoded.Length;
        }

        _cache.RemoveRange(0, count);
    }

    private int FindRun(LogIndex index)
    {
        int low = 0, high = _termStarts.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_termStarts[middle].First <= index)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }
}
