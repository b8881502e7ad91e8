using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Storage.RocksDb;

/// <summary>
/// The files of a store that no silo has open. They are looked at and not changed: nothing is recovered, tidied or counted, as it would be
/// by opening the store.
/// </summary>
internal sealed class ClosedStore : IDisposable
{
    private readonly RocksDbSharp.RocksDb _database;
    private readonly string _directory;
    private readonly RecordReader _records;
    private readonly List<(string Node, long Number)> _nodes;

    private ClosedStore(string directory, string description, IReadOnlyList<(string File, long Offset)> tornRecords, RocksDbSharp.RocksDb database)
    {
        (_directory, Description, TornRecords, _database) = (directory, description, tornRecords, database);
        _records = new RecordReader(database, description);
        var header = new StoreHeader(_records, description);
        header.CheckFormat();
        _nodes = [.. header.ReadNodes().OrderBy(node => node.Node, StringComparer.Ordinal)];
        StartCount = header.ReadStartCount();
    }

    public string Description { get; }

    /// <summary>How often the store was opened.</summary>
    public long StartCount { get; }

    /// <summary>
    /// Where the write-ahead log ends within a record, which was being written when the machine stopped. It was never acknowledged, and the
    /// next start drops it.
    /// </summary>
    public IReadOnlyList<(string File, long Offset)> TornRecords { get; }

    /// <summary>The nodes, ordered by name.</summary>
    public IEnumerable<string> Nodes => _nodes.Select(node => node.Node).Where(name => !FoundingNotes.IsNote(name));

    /// <exception cref="LogStoreException">There is no store, it is open, or of another version.</exception>
    /// <exception cref="LogStoreCorruptException">It is damaged; the message says where.</exception>
    public static ClosedStore Open(string directory)
    {
        var description = $"rocksdb at {Path.GetFullPath(directory)}";
        DatabaseFiles.ThrowIfHeadless(directory, description);
        if (!File.Exists(Path.Combine(directory, "CURRENT")))
        {
            throw new LogStoreException($"{Path.GetFullPath(directory)} holds no log store of RocksDB. Name the directory of a silo's log.");
        }

        DirectoryUse.ThrowIfOpen(directory, description);
        var torn = WalInspection.Inspect(directory, description);
        var database = DatabaseFiles.OpenToRead(new RocksDbLogStoreOptions { Directory = directory }, new RocksDbDevice(), description);
        try
        {
            return new ClosedStore(directory, description, torn, database);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>What a silo would find of the node.</summary>
    /// <exception cref="LogStoreCorruptException">Its records are damaged, or contradict each other.</exception>
    public RestoredNode Look(string node) => new NodeRecords(_records, node, NumberOf(node)).Read();

    /// <summary>Reads everything, and compares it with every checksum there is.</summary>
    /// <param name="progress">Hears how many records of how many are done; the number of all is an estimate.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LogStoreCorruptException">The first damage.</exception>
    public VerifiedStore Verify(Action<long, long> progress, CancellationToken cancellationToken)
    {
        var restored = _nodes.Where(node => !FoundingNotes.IsNote(node.Node)).Select(node => (node.Node, node.Number, Found: Look(node.Node))).ToList();
        var verification = new StoreVerification(_records, _database, restored.Sum(node => node.Found.Last.Value - node.Found.Base.Index.Value), progress, cancellationToken);
        var (records, bytes) = verification.Records();
        var verified = new List<VerifiedNode>();
        foreach (var (node, number, found) in restored)
        {
            var (entries, entryBytes) = verification.Entries(node, number, found);
            if (found.Snapshot is { } snapshot)
            {
                new SnapshotFiles(SnapshotsOf(number), epoch: 0, new SnapshotDevice(), Description).Read(snapshot, static _ => { });
            }

            verified.Add(new VerifiedNode(node, entries, entryBytes, found.Snapshot?.Bytes ?? 0));
        }

        return new VerifiedStore(records, bytes, verified);
    }

    public void Dispose() => _database.Dispose();

    private string SnapshotsOf(long number) => Path.Combine(_directory, "snapshots", number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private long NumberOf(string node) => _nodes.Find(each => each.Node == node) is { Number: > 0 } found
        ? found.Number
        : throw new InvalidRequestException($"{Description} holds no node '{node}'. It holds: {string.Join(", ", Nodes.DefaultIfEmpty("none"))}.");
}

/// <summary>What was read and found whole.</summary>
/// <param name="Records">How many records.</param>
/// <param name="Bytes">Their length.</param>
/// <param name="Nodes">The nodes.</param>
internal sealed record VerifiedStore(long Records, long Bytes, IReadOnlyList<VerifiedNode> Nodes);

/// <summary>What was read of a node.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Entries">How many entries its log has.</param>
/// <param name="EntryBytes">Their length.</param>
/// <param name="SnapshotBytes">The length of its snapshot; zero for none.</param>
internal sealed record VerifiedNode(string Node, long Entries, long EntryBytes, long SnapshotBytes);
