using LifeRaft.Protocol;

namespace LifeRaft.Benchmarks;

/// <summary>Entries of the usual length.</summary>
internal static class MicroEntries
{
    /// <summary>So many consecutive ones.</summary>
    public static IReadOnlyList<LogEntry> From(long first, int count)
    {
        var payload = Values.OfLength(Values.UsualBytes);
        return [.. Enumerable.Range(0, count).Select(offset => LogEntry.Create(EntryKind.Command, new LogIndex(first + offset), new Term(1), 0, payload))];
    }
}
