using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>Reads the records of one frame.</summary>
internal static class StoreRecordReader
{
    /// <param name="records">The records of the frame.</param>
    /// <param name="segment">Where it lies.</param>
    /// <param name="offset">Where the records begin there.</param>
    /// <exception cref="FormatException">They are no records of this version; the text says what is wrong.</exception>
    public static List<StoreRecord> Read(ReadOnlyMemory<byte> records, Segment segment, long offset)
    {
        var result = new List<StoreRecord>();
        for (var rest = records; !rest.IsEmpty;)
        {
            var prefix = new FieldReader(rest);
            var (kind, length) = ((StoreRecordKind)prefix.Byte(), prefix.Int32());
            var body = prefix.Take(length);
            result.Add(Read(kind, body, segment, offset + records.Length - rest.Length + StoreRecordWriter.PrefixBytes));
            rest = prefix.Rest();
        }

        return result;
    }

    private static StoreRecord Read(StoreRecordKind kind, ReadOnlyMemory<byte> bytes, Segment segment, long offset)
    {
        if (kind == StoreRecordKind.Entries)
        {
            var (number, run) = EntryRuns.Parse(bytes, segment, offset);
            return new EntriesStored(number, run);
        }

        var body = new FieldReader(bytes);
        StoreRecord record = kind switch
        {
            StoreRecordKind.CheckpointBegin => new CheckpointBegun(body.Int64(), body.Int64(), Many(ref body, static (ref FieldReader one) => new GroupId(one.Id())), Many(ref body, static (ref FieldReader one) => (one.Int64(), one.Int64()))),
            StoreRecordKind.CheckpointNode => Node(ref body),
            StoreRecordKind.CheckpointEnd => new CheckpointEnded(Many(ref body, static (ref FieldReader one) => one.Int64())),
            StoreRecordKind.NodeNamed => new NodeNamed(body.Int64(), body.Text()),
            StoreRecordKind.Identity => new IdentityStored(body.Int64(), Identity(ref body)),
            StoreRecordKind.HardState => new HardStateStored(body.Int64(), HardState(ref body)),
            StoreRecordKind.Snapshot => Snapshot(ref body),
            StoreRecordKind.NodeDeleted => new NodeRemoved(body.Int64()),
            StoreRecordKind.GroupDeleted => new GroupDeleted(new GroupId(body.Id())),
            _ => throw new FormatException($"a record is of kind {(byte)kind}, which this version does not know; update the silo"),
        };
        body.End();
        return record;
    }

    private static NodeIdentity Identity(ref FieldReader body) => new(new GroupId(body.Id()), new MemberId(body.Id()));

    private static HardState HardState(ref FieldReader body) => new(new Term(body.Int64()), new MemberId(body.Id()));

    private static LogPosition Position(ref FieldReader body) => new(new LogIndex(body.Int64()), new Term(body.Int64()));

    private static CheckpointOfNode Node(ref FieldReader body)
    {
        var (number, name, identity, hardState) = (body.Int64(), body.Text(), Identity(ref body), HardState(ref body));
        var (start, last, snapshot) = (Position(ref body), new LogIndex(body.Int64()), body.Rest());
        return new CheckpointOfNode(number, name, identity, hardState, start, last, snapshot.IsEmpty ? null : SnapshotHeaderCodec.Decode(snapshot));
    }

    private static SnapshotStored Snapshot(ref FieldReader body)
    {
        var (number, start, replacesLog) = (body.Int64(), Position(ref body), body.Truth());
        return new SnapshotStored(number, new SnapshotWrite(SnapshotHeaderCodec.Decode(body.Rest()), start, replacesLog));
    }

    private delegate T ReadOne<T>(ref FieldReader body);

    private static List<T> Many<T>(ref FieldReader body, ReadOne<T> read)
    {
        var many = new List<T>();
        for (var count = body.Count(); count > 0; count--)
        {
            many.Add(read(ref body));
        }

        return many;
    }
}
