using LifeRaft.Protocol;

namespace LifeRaft.Storage.RocksDb;

/// <summary>
/// What the writer knows of a node's log without reading it: enough to truncate by deleting exactly the records that end. It is
/// read from the records at the claim, and touched by the writer only from then on.
/// </summary>
/// <param name="last">Index of the last entry, staged ones included.</param>
/// <param name="termStarts">For each term that has entries, in order, its first index.</param>
/// <param name="configurations">The indices of the configuration entries, in order.</param>
internal sealed class NodeTail(LogIndex last, List<TermStart> termStarts, List<LogIndex> configurations)
{
    private LogIndex _last = last;

    /// <summary>Stages entries that replace everything from the first of them on. Only what is not overwritten is deleted.</summary>
    internal void Replace(RecordBatch batch, long node, IReadOnlyList<LogEntry> entries)
    {
        Truncate(batch, node, entries[0].Index, entries[^1].Index);
        foreach (var entry in entries)
        {
            batch.PutEntry(node, entry);
            if (termStarts.Count == 0 || termStarts[^1].Term != entry.Term)
            {
                termStarts.Add(new TermStart(entry.Index, entry.Term));
                batch.PutNumber(RecordKind.TermStart, node, entry.Index.Value, entry.Term.Value);
            }

            if (entry.Kind == EntryKind.Configuration)
            {
                configurations.Add(entry.Index);
                batch.PutNumber(RecordKind.Configuration, node, entry.Index.Value, entry.Term.Value);
            }
        }

        _last = entries[^1].Index;
        batch.PutNumber(RecordKind.LastIndex, node, index: 0, _last.Value);
    }

    /// <summary>Stages the end of every record of the log.</summary>
    internal void DeleteAll(RecordBatch batch, long node)
    {
        TruncateMarks(batch, node, LogIndex.First);
        batch.DeleteAllEntries(node);
        batch.Delete(RecordKind.LastIndex, node);
        _last = LogIndex.Zero;
    }

    private void Truncate(RecordBatch batch, long node, LogIndex first, LogIndex lastReplaced)
    {
        if (first > _last)
        {
            return;
        }

        for (var index = lastReplaced + 1; index <= _last; index += 1)
        {
            batch.Delete(RecordKind.Entry, node, index.Value);
        }

        TruncateMarks(batch, node, first);
    }

    private void TruncateMarks(RecordBatch batch, long node, LogIndex first)
    {
        while (termStarts.Count > 0 && termStarts[^1].First >= first)
        {
            batch.Delete(RecordKind.TermStart, node, termStarts[^1].First.Value);
            termStarts.RemoveAt(termStarts.Count - 1);
        }

        while (configurations.Count > 0 && configurations[^1] >= first)
        {
            batch.Delete(RecordKind.Configuration, node, configurations[^1].Value);
            configurations.RemoveAt(configurations.Count - 1);
        }
    }
}
