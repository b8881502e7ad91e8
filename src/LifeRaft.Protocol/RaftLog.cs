namespace LifeRaft.Protocol;

/// <summary>
/// What a node knows about its log: the terms of all entries, the newest entries themselves, and how much is durable. Older
/// entries are read from the disk by the host.
/// </summary>
internal sealed class RaftLog
{
    private readonly List<TermStart> _termStarts;
    private readonly List<LogEntry> _cache = [];
    private readonly long _cachedBytesLimit;
    private long _cachedBytes;

    /// <summary>Invariant: entries before this index have been handed to a write that was not truncated since.</summary>
    private LogIndex _firstUnwritten;

    /// <summary>Invariant: the write in flight makes nothing after this index durable; lowered when its tail is truncated meanwhile.</summary>
    private LogIndex _inFlightLast;

    public RaftLog(LogIndex last, IReadOnlyList<TermStart> termStarts, long cachedBytesLimit)
    {
        _termStarts = [.. termStarts];
        _cachedBytesLimit = cachedBytesLimit;
        Last = last;
        Durable = last;
        _firstUnwritten = last + 1;
        _inFlightLast = last;
    }

    public LogIndex Last { get; private set; }

    public Term LastTerm => TermAt(Last);

    /// <summary>Everything up to here is on disk, and is what this log holds now.</summary>
    public LogIndex Durable { get; private set; }

    /// <summary>The first entry that is in memory; one after <see cref="Last"/> when none is.</summary>
    public LogIndex FirstCached => Last - _cache.Count + 1;

    public bool HasUnwritten => _firstUnwritten <= Last;

    /// <summary>The term of an entry; zero before the first. The index must not be beyond the last.</summary>
    public Term TermAt(LogIndex index)
    {
        if (index > Last || index < LogIndex.Zero)
        {
            throw new RaftInvariantException($"The term of entry {index} was asked for, but the log ends at {Last}.");
        }

        if (index == LogIndex.Zero)
        {
            return Term.Zero;
        }

        var run = _termStarts.Count - 1;
        if (_termStarts[run].First > index)
        {
            run = FindRun(index);
        }

        return _termStarts[run].Term;
    }

    /// <summary>Whether this log has an entry of that index and term (Raft paper, 5.3).</summary>
    public bool Matches(LogIndex index, Term term) => index <= Last && TermAt(index) == term;

    /// <summary>Whether a log that ends so is at least as up to date as this one (Raft paper, 5.4.1): last term first, then last index.</summary>
    public bool IsUpToDate(Term lastTerm, LogIndex lastIndex) =>
        lastTerm > LastTerm || (lastTerm == LastTerm && lastIndex >= Last);

    /// <summary>The highest index at or below the given one whose term is not newer than the given one: where logs may agree.</summary>
    public LogIndex LastAtOrBelow(LogIndex index, Term term)
    {
        index = LogIndex.Min(index, Last);
        while (index > LogIndex.Zero && TermAt(index) > term)
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

        if (_termStarts.Count == 0 || entry.Term > LastTerm)
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
        var keep = Math.Max(0, index - FirstCached);
        for (var i = (int)keep; i < _cache.Count; i++)
        {
            _cachedBytes -= _cache[i].Encoded.Length;
        }

        _cache.RemoveRange((int)keep, _cache.Count - (int)keep);
        while (_termStarts.Count > 0 && _termStarts[^1].First >= index)
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
        if (!HasUnwritten)
        {
            return [];
        }

        var entries = _cache.GetRange((int)(_firstUnwritten - FirstCached), (int)(Last - _firstUnwritten) + 1);
        _firstUnwritten = Last + 1;
        _inFlightLast = Last;
        return entries;
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
        while (_cachedBytes > _cachedBytesLimit / 2 && count < _cache.Count && _cache[count].Index <= last)
        {
            _cachedBytes -= _cache[count].Encoded.Length;
            count++;
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
