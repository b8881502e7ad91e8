using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Storage.RocksDb;

/// <summary>Reads entries of one node, each checked against the place where it lies.</summary>
internal static class EntryReader
{
    /// <summary>Reads as <see cref="INodeLog.Read"/> promises.</summary>
    internal static IReadOnlyList<LogEntry> Read(
        RecordReader records, string node, long number, LogIndex first, LogIndex last, long maxBytes, CancellationToken cancellationToken)
    {
        var entries = new List<LogEntry>();
        var key = RecordKey.OfNode(RecordKind.Entry, number, first.Value);
        using var iterator = records.Seek(key);
        var bytes = 0L;
        for (var index = first; index <= last; index += 1)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RecordKey.Write(key, RecordKind.Entry, number, index.Value);
            if (!iterator.Valid() || !iterator.GetKeySpan().SequenceEqual(key))
            {
                records.ThrowIfBroken(iterator, node, key);
                throw records.Corrupt(node, key, "it is missing");
            }

            bytes += Math.Max(0, iterator.GetValueSpan().Length - RecordSeal.Bytes);
            if (entries.Count > 0 && bytes > maxBytes)
            {
                break;
            }

            entries.Add(Decode(records, node, key, records.Open(key, iterator.Value(), node)));
            iterator.Next();
        }

        return entries;
    }

    /// <summary>The entry of that index, or null.</summary>
    internal static LogEntry? Find(RecordReader records, string node, long number, LogIndex index)
    {
        var key = RecordKey.OfNode(RecordKind.Entry, number, index.Value);
        return records.Find(key, node) is { } content ? Decode(records, node, key, content) : null;
    }

    private static LogEntry Decode(RecordReader records, string node, byte[] key, ReadOnlyMemory<byte> content)
    {
        try
        {
            var entry = LogEntry.Decode(content);
            return entry.Index.Value == RecordKey.Index(key)
                ? entry
                : throw records.Corrupt(node, key, $"its header says that it is entry {entry.Index}");
        }
        catch (FormatException failure)
        {
            throw records.Corrupt(node, key, failure.Message, failure);
        }
    }
}
