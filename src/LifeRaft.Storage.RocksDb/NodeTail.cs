using LifeRaft.Protocol;

namespace LifeRaft.Storage.RocksDb;

/// <summary>
/// What the writer knows of a node's log without reading it: enough to truncate by deleting exactly the records that end. It is
/// read from the records at the claim, and touched by the writer only from then on.
/// </summary>
internal sealed class NodeTail(RestoredNode restored)
{
    private readonly List<TermStart> _termStarts = [.. restored.TermStarts];
    private readonly List<LogIndex> _configurations = [.. restored.Configurations.Select(entry => entry.Index)];
    private LogPosition _base = restored.Base;

    /// <summary>Index of the last entry, staged ones included; that of the base when there is none.</summary>
    private LogIndex _last = restored.Last;

    /// <summary>Stages entries that replace everything from the first of them on. Only what is not overwritten is deleted.</summary>
    internal void Replace(RecordBatch batch, long node, IReadOnlyList<LogEntry> entries)
    {
        Truncate(batch, node, entries[0].Index, entries[^1].Index);
        foreach (var entry in entries)
        {
            batch.PutEntry(node, entry);
            if (LastTerm != entry.Term)
            {
                _termStarts.Add(new TermStart(entry.Index, entry.Term));
                batch.PutNumber(RecordKind.TermStart, node, entry.Index.Value, entry.Term.Value);
            }

            if (entry.Kind == EntryKind.Configuration)
            {
                _configurations.Add(entry.Index);
                batch.PutNumber(RecordKind.Configuration, node, entry.Index.Value, entry.Term.Value);
            }
        }

        _last = entries[^1].Index;
        batch.PutNumber(RecordKind.LastIndex, node, index: 0, _last.Value);
    }

    private Term LastTerm => _termStarts.Count == 0 ? _base.Term : _termStarts[^1].Term;

    /// <summary>Stages that a snapshot is in force and that the log begins after its base.</summary>
    internal void Begin(RecordBatch batch, long node, SnapshotWrite snapshot)
    {
        batch.PutSnapshot(node, snapshot.Header);
        batch.PutBase(node, snapshot.Base);
        if (snapshot.ReplacesLog)
        {
            TruncateMarks(batch, node, LogIndex.First);
            batch.DeleteEntriesUpTo(node, _last);
            _last = snapshot.Base.Index;
            batch.PutNumber(RecordKind.LastIndex, node, index: 0, _last.Value);
        }
        else if (snapshot.Base.Index > _base.Index)
        {
            batch.DeleteEntriesUpTo(node, snapshot.Base.Index);
            DropMarksUpTo(batch, node, snapshot.Base.Index);
        }

        _base = snapshot.Base;
    }

    /// <summary>Stages the end of every record of the log.</summary>
    internal void DeleteAll(RecordBatch batch, long node)
    {
        TruncateMarks(batch, node, LogIndex.First);
        batch.DeleteAllEntries(node);
        batch.Delete(RecordKind.LastIndex, node);
        batch.Delete(RecordKind.Base, node);
        batch.Delete(RecordKind.Snapshot, node);
        _last = LogIndex.Zero;
        _base = LogPosition.Zero;
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
        while (_termStarts.Count > 0 && _termStarts[^1].First >= first)
        {
            batch.Delete(RecordKind.TermStart, node, _termStarts[^1].First.Value);
            _termStarts.RemoveAt(_termStarts.Count - 1);
        }

        while (_configurations.Count > 0 && _configurations[^1] >= first)
        {
            batch.Delete(RecordKind.Configuration, node, _configurations[^1].Value);
            _configurations.RemoveAt(_configurations.Count - 1);
        }
    }

    private void DropMarksUpTo(RecordBatch batch, long node, LogIndex last)
    {
        foreach (var start in _termStarts.Where(start => start.First <= last))
        {
            batch.Delete(RecordKind.TermStart, node, start.First.Value);
        }

        foreach (var configuration in _configurations.Where(index => index <= last))
        {
            batch.Delete(RecordKind.Configuration, node, configuration.Value);
        }

        _termStarts.RemoveAll(start => start.First <= last);
        _configurations.RemoveAll(index => index <= last);
    }
}
