using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>
/// Log Matching and Leader Append-Only (Raft paper, Figure 3), on everything that is sent or stored: an entry of one index and term
/// is the same everywhere and has the same predecessor everywhere, and so, by induction, everything before it is the same.
/// </summary>
internal sealed class LogJudge(Judges judges, Counts counts)
{
    private readonly Dictionary<(long Index, long Term), (ulong Content, long PreviousTerm)> _entries = [];

    public void Sent(Activation sender, AppendRequest request)
    {
        var previousTerm = request.PreviousTerm.Value;
        var index = request.PreviousIndex.Value;
        foreach (var entry in request.Entries)
        {
            Meet(sender, entry, ++index, previousTerm);
            previousTerm = entry.Term.Value;
        }
    }

    public void Written(Activation writer, IReadOnlyList<LogEntry> log, IReadOnlyList<LogEntry> entries, ApplyJudge committed)
    {
        var index = entries[0].Index.Value;
        if (index > log.Count + 1)
        {
            judges.Break("no gaps", $"{writer.Host} stores entry {index}, but its log ends at {log.Count}");
            return;
        }

        if (index <= log.Count)
        {
            counts.Truncations++;
            Truncated(writer, log, entries, committed);
        }

        var previousTerm = index > 1 ? log[(int)index - 2].Term.Value : 0;
        foreach (var entry in entries)
        {
            Meet(writer, entry, index++, previousTerm);
            previousTerm = entry.Term.Value;
        }
    }

    private void Truncated(Activation writer, IReadOnlyList<LogEntry> log, IReadOnlyList<LogEntry> entries, ApplyJudge committed)
    {
        var first = entries[0].Index.Value;
        if (writer.Node.State == RaftState.Leader)
        {
            judges.Break("leader append-only", $"{writer.Host} leads term {writer.Node.Term} and replaces its entries from {first} on");
        }

        for (var index = first; index <= Math.Min(log.Count, committed.Count); index++)
        {
            var isKept = index - first < entries.Count && entries[(int)(index - first)].Term == log[(int)index - 1].Term;

            // One who stood still may follow a leader of before the commit: it has not promised anything to the one who committed.
            var followsOlder = entries[^1].Term.Value < committed.KnownIn(index);
            if (!isKept && !followsOlder && committed.TermAt(index) == log[(int)index - 1].Term.Value)
            {
                judges.Break("committed entries stay", $"{writer.Host} replaces entry {index} of term {log[(int)index - 1].Term}, which is committed");
            }
        }
    }

    private void Meet(Activation where, LogEntry entry, long index, long previousTerm)
    {
        if (entry.Index.Value != index)
        {
            judges.Break("no gaps", $"{where.Host} has entry {entry.Index} where {index} belongs");
        }

        var known = (Content: Digest(entry.Encoded.Span), previousTerm);
        if (!_entries.TryAdd((index, entry.Term.Value), known) && _entries[(index, entry.Term.Value)] != known)
        {
            judges.Break("log matching", $"{where.Host}: entry {entry} differs from an entry of the same index and term, or follows another one: {_entries[(index, entry.Term.Value)]} and {known}");
        }
    }

    public static ulong Digest(ReadOnlySpan<byte> bytes)
    {
        var hash = 14695981039346656037UL;
        foreach (var one in bytes)
        {
            hash = unchecked((hash ^ one) * 1099511628211UL);
        }

        return hash;
    }
}
