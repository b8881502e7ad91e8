using System.Globalization;
using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Storage.RocksDb;

/// <summary>Reads all records of a database in the order of their keys, and all entries of each node in the order of the log.</summary>
internal sealed class StoreVerification(
    RecordReader records, RocksDbSharp.RocksDb database, long entries, Action<long, long> progress, CancellationToken cancellationToken)
{
    private const int BetweenLooks = 1000;
    private const long BatchBytes = 1024 * 1024;

    private readonly long _all = entries + long.Parse(database.GetProperty("rocksdb.estimate-num-keys"), CultureInfo.InvariantCulture);
    private long _done;

    /// <summary>Every record, whatever it is, compared with its checksum and those of its block.</summary>
    public (long Count, long Bytes) Records()
    {
        var (count, bytes) = (0L, 0L);
        using var iterator = records.Seek([]);
        for (; iterator.Valid(); iterator.Next())
        {
            var (key, stored) = (iterator.Key(), iterator.Value());
            if (RecordSeal.Damage(key, stored) is { } damage)
            {
                throw records.Corrupt(node: null, key, damage);
            }

            count++;
            bytes += key.Length + stored.Length;
            Step();
        }

        records.ThrowIfBroken(iterator, node: null, []);
        return (count, bytes);
    }

    /// <summary>Every entry of a node: each is there, and none is of an earlier term than the one before.</summary>
    public (long Count, long Bytes) Entries(string node, long number, RestoredNode found)
    {
        var (count, bytes, term) = (0L, 0L, found.Base.Term);
        var next = found.Base.Index + 1;
        while (next <= found.Last)
        {
            foreach (var entry in EntryReader.Read(records, node, number, next, found.Last, BatchBytes, cancellationToken))
            {
                if (entry.Term < term)
                {
                    throw records.Corrupt(node, RecordKey.OfNode(RecordKind.Entry, number, entry.Index.Value), $"it is of term {entry.Term}, and the one before of term {term}");
                }

                term = entry.Term;
                next = entry.Index + 1;
                count++;
                bytes += entry.Encoded.Length;
                Step();
            }
        }

        return (count, bytes);
    }

    private void Step()
    {
        if (++_done % BetweenLooks == 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress(Math.Min(_done, _all), _all);
        }
    }
}
