using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>What <see cref="MemoryLogStore"/> holds for one node. The writer changes it, the node's pump reads it.</summary>
internal sealed class MemoryNode
{
    private readonly Lock _gate = new();

    // Guarded by _gate. Invariant: the entry of index i is at i - 1.
    private readonly List<LogEntry> _entries = [];
    private NodeIdentity _identity = NodeIdentity.Blank;
    private HardState _hardState;

    internal void Apply(LogWrite write)
    {
        lock (_gate)
        {
            _identity = write.Identity ?? _identity;
            _hardState = write.HardState ?? _hardState;
            if (write.Entries.Count > 0)
            {
                var kept = checked((int)(write.Entries[0].Index - LogIndex.First));
                _entries.RemoveRange(kept, _entries.Count - kept);
                _entries.AddRange(write.Entries);
            }
        }
    }

    internal RestoredNode Restore()
    {
        lock (_gate)
        {
            var starts = new List<TermStart>();
            foreach (var entry in _entries)
            {
                if (starts.Count == 0 || starts[^1].Term != entry.Term)
                {
                    starts.Add(new TermStart(entry.Index, entry.Term));
                }
            }

            return new RestoredNode(
                _identity, _hardState, new LogIndex(_entries.Count), starts, [.. _entries.Where(entry => entry.Kind == EntryKind.Configuration)]);
        }
    }

    internal IReadOnlyList<LogEntry> Read(string node, LogIndex first, LogIndex last, long maxBytes)
    {
        lock (_gate)
        {
            if (last.Value > _entries.Count)
            {
                throw new LogStoreCorruptException($"Node {node}: entry {last} is missing, the last one in memory is {_entries.Count}.");
            }

            var read = new List<LogEntry>();
            var bytes = 0L;
            for (var index = first; index <= last; index += 1)
            {
                var entry = _entries[checked((int)(index.Value - 1))];
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
