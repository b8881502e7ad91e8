using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>What <see cref="MemoryLogStore"/> holds for one node. The writer changes it, the node's pump reads it.</summary>
internal sealed class MemoryNode
{
    private readonly Lock _gate = new();

    // Guarded by _gate. Invariant: the entry of index i is at i - 1 - the base.
    private readonly List<LogEntry> _entries = [];
    private NodeIdentity _identity = NodeIdentity.Blank;
    private HardState _hardState;
    private LogPosition _base;
    private SnapshotHeader? _snapshot;

    internal MemorySnapshots Snapshots { get; } = new();

    internal void Apply(LogWrite write)
    {
        lock (_gate)
        {
            _identity = write.Identity ?? _identity;
            _hardState = write.HardState ?? _hardState;
            if (write.Snapshot is { } snapshot)
            {
                var dropped = snapshot.ReplacesLog ? _entries.Count : snapshot.Base.Index - _base.Index;
                _entries.RemoveRange(0, checked((int)dropped));
                (_base, _snapshot) = (snapshot.Base, snapshot.Header);
                Snapshots.DropOlderThan(snapshot.Header);
            }

            if (write.Entries.Count > 0)
            {
                var kept = checked((int)(write.Entries[0].Index - _base.Index - 1));
                _entries.RemoveRange(kept, _entries.Count - kept);
                _entries.AddRange(write.Entries);
            }
        }
    }

    internal RestoredNode Restore()
    {
        lock (_gate)
        {
            Snapshots.Reclaim(_snapshot);
            var starts = new List<TermStart>();
            var term = _base.Term;
            foreach (var entry in _entries.Where(entry => entry.Term != term))
            {
                starts.Add(new TermStart(entry.Index, term = entry.Term));
            }

            return new RestoredNode(
                _identity, _hardState, _base.Index + _entries.Count, starts, [.. _entries.Where(entry => entry.Kind == EntryKind.Configuration)])
            {
                Base = _base,
                Snapshot = _snapshot,
            };
        }
    }

    internal IReadOnlyList<LogEntry> Read(string node, LogIndex first, LogIndex last, long maxBytes)
    {
        lock (_gate)
        {
            if (last > _base.Index + _entries.Count || first <= _base.Index)
            {
                throw new LogStoreCorruptException($"Node {node}: entry {(first <= _base.Index ? first : last)} is missing, those in memory are {_base.Index + 1} to {_base.Index + _entries.Count}.");
            }

            var read = new List<LogEntry>();
            var bytes = 0L;
            for (var index = first; index <= last; index += 1)
            {
                var entry = _entries[checked((int)(index - _base.Index - 1))];
                bytes += entry.Encoded.Length;
                if (read.Count > 0 && bytes > maxBytes)
                {
                    break;
                }

                read.Add(entry);
            }

            return read;
        }
    }
}
