using System.Buffers.Binary;
using System.Text;
using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Storage.RocksDb;

/// <summary>The records that belong to the store and to none of its nodes.</summary>
internal sealed class StoreHeader(RecordReader records, string description)
{
    /// <summary>The form of keys and values that this code writes. A change of either raises it.</summary>
    internal const long Format = 3;

    /// <exception cref="LogStoreException">The files are of a newer version, or not ours.</exception>
    internal void CheckFormat()
    {
        if (Number(RecordKey.OfStore(RecordKind.Format)) is not { } format)
        {
            if (records.FirstKeyFrom([], node: null) is { } found)
            {
                throw new LogStoreException(
                    $"{description} has records ({Convert.ToHexString(found)}) but no format version: it is no log store of LifeRaft. "
                    + "Give the silo another directory.");
            }

            return;
        }

        if (format < Format)
        {
            throw new LogStoreException(
                $"{description} is of format {format}, which only versions before the first release wrote; this one reads format {Format}. "
                + "Give the silo an empty directory and let its nodes join again; nothing was changed.");
        }

        if (format > Format)
        {
            throw new LogStoreException(
                $"{description} is of format {format}; this version reads format {Format}. Start the version of LifeRaft that "
                + "wrote it, or a newer one; nothing was changed.");
        }
    }

    internal long ReadStartCount() => Number(RecordKey.OfStore(RecordKind.StartCount)) ?? 0;

    internal long ReadNextNodeNumber() => Number(RecordKey.OfStore(RecordKind.NextNodeNumber)) ?? 1;

    internal List<(string Node, long Number)> ReadNodes() =>
    [
        .. records.FindAll(RecordKey.OfStore(RecordKind.NodeName), node: null)
            .Select(record => (Encoding.UTF8.GetString(record.Key.AsSpan(1)), Decode(record.Key, record.Content))),
    ];

    internal List<GroupId> ReadDeletedGroups() =>
    [
        .. records.FindAll(RecordKey.OfStore(RecordKind.Tombstone), node: null)
            .Select(record => new GroupId(new Guid(record.Key.AsSpan(1), bigEndian: true))),
    ];

    /// <summary>Stages what each start writes.</summary>
    internal static void Stage(RecordBatch batch, long startCount, long nextNodeNumber)
    {
        batch.PutNumber(RecordKey.OfStore(RecordKind.Format), Format);
        batch.PutNumber(RecordKey.OfStore(RecordKind.StartCount), startCount);
        batch.PutNumber(RecordKey.OfStore(RecordKind.NextNodeNumber), nextNodeNumber);
    }

    private long? Number(byte[] key) => records.Find(key, node: null) is { } content ? Decode(key, content) : null;

    private long Decode(byte[] key, ReadOnlyMemory<byte> content) => content.Length == 8
        ? BinaryPrimitives.ReadInt64BigEndian(content.Span)
        : throw records.Corrupt(node: null, key, $"it has {content.Length} bytes instead of 8");
}
