using System.Collections.Concurrent;
using System.Globalization;
using LifeRaft.Hosting;
using LifeRaft.Protocol;
using Microsoft.Extensions.Logging;
using RocksDbSharp;

namespace LifeRaft.Storage.RocksDb;

/// <summary>
/// The durable log store: one RocksDB database per silo, in which each group commit is one write batch and one sync.
/// </summary>
/// <remarks>
/// A Raft log is unlike what RocksDB expects, in that it is appended, truncated at its tail and deleted whole. So ranges are
/// deleted only with their node or up to the base of its log, truncation deletes single keys, and nothing seeks to find where a log
/// begins or ends: both are known. How the database is opened is in <see cref="RocksDbDevice"/>, what lies in it in <see cref="RecordKey"/>.
/// </remarks>
public sealed partial class RocksDbLogStore : GroupCommitLogStore
{
    private readonly RocksDbLogStoreOptions _options;
    private readonly ILogger<RocksDbLogStore> _logger;
    private readonly RocksDbDevice _device;
    private readonly SnapshotKeeper _snapshots;
    private readonly ReadGate _reads = new();
    private readonly StoreTidying _tidying;

    // Set when the files are opened.
    private RocksDbSharp.RocksDb? _database;
    private RecordReader? _records;

    // Changed by the writer; a claim reads the number of its own node, which nobody writes at that time.
    private readonly ConcurrentDictionary<string, long> _numbers = new(StringComparer.Ordinal);

    // Touched by the writer only.
    private readonly RecordBatch _batch = new();
    private readonly WriteOptions _writeOptions;
    private long _nextNumber;

    /// <summary>Makes a store; nothing is touched before <see cref="GroupCommitLogStore.Open"/>.</summary>
    /// <exception cref="ArgumentException">The options are not usable; the message has all that is wrong with them.</exception>
    public RocksDbLogStore(RocksDbLogStoreOptions options, ILogger<RocksDbLogStore> logger)
        : this(options, logger, new RocksDbDevice())
    {
    }

    internal RocksDbLogStore(RocksDbLogStoreOptions options, ILogger<RocksDbLogStore> logger, RocksDbDevice device, SnapshotDevice? snapshotDevice = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = string.Join(" ", options.Problems());
        if (problems.Length > 0)
        {
            throw new ArgumentException(problems, nameof(options));
        }

        _options = options;
        _logger = logger;
        _device = device;
        _snapshots = new SnapshotKeeper(
            Path.Combine(options.Directory, "snapshots"), snapshotDevice ?? new SnapshotDevice(), Description, _reads, StopBecause, failure => LogNotTidied(_logger, Description, failure.Message));
        _writeOptions = device.WriteOptions();
        _tidying = new StoreTidying(_reads, new Tables(this), options.WriteBufferBytes, failure => LogNotTidied(_logger, Description, failure.Message));
    }

    /// <inheritdoc/>
    public override string Description => $"rocksdb at {Path.GetFullPath(_options.Directory)}";

    /// <inheritdoc/>
    public override LogStoreCapabilities Capabilities => LogStoreCapabilities.SurvivesProcess | LogStoreCapabilities.SurvivesPowerCut;

    private RecordReader Records => _records ?? throw new InvalidOperationException($"{Description} is not open.");

    /// <inheritdoc/>
    protected override OpenedLogStore OpenFiles()
    {
        foreach (var torn in WalInspection.Inspect(_options.Directory, Description))
        {
            LogTornRecord(_logger, torn.File, Description, torn.Offset);
        }

        _database = DatabaseFiles.Open(_options, _device, Description);
        try
        {
            return ReadHeader(_database);
        }
        catch
        {
            _database.Dispose();
            _database = null;
            throw;
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask CloseFiles()
    {
        await _reads.Close();
        _batch.Dispose();
        _database?.Dispose();
    }

    /// <inheritdoc/>
    protected override QueuedNodeLog Restore(NodeClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        _ = RecordKey.OfName(claim.Node); // A name that has no key is refused here, before the writer meets it.
        return Read(() =>
        {
            var number = _numbers.GetValueOrDefault(claim.Node);
            var restored = number == 0
                ? RestoredNode.Blank
                : new NodeRecords(Records, claim.Node, number).Read();
            if (number != 0)
            {
                _snapshots.RemoveNow(() => _snapshots.Of(number, claim.Epoch).Reclaim(restored.Snapshot));
            }

            return new RocksDbNodeLog(this, _snapshots, claim, restored, number);
        });
    }

    /// <inheritdoc/>
    protected internal override void Stage(QueuedNodeLog log, LogWrite write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var node = (RocksDbNodeLog)log;
        var number = node.Number != 0 ? node.Number : StageNumber(node);
        if (write.Identity is { } identity)
        {
            _batch.PutIdentity(number, identity);
        }

        if (write.HardState is { } hardState)
        {
            _batch.PutHardState(number, hardState);
        }

        if (write.Snapshot is { } snapshot)
        {
            node.Tail.Begin(_batch, number, snapshot);
        }

        if (write.Entries.Count > 0)
        {
            node.Tail.Replace(_batch, number, write.Entries);
        }
    }

    /// <inheritdoc/>
    protected internal override void StageDeletion(QueuedNodeLog log)
    {
        var node = (RocksDbNodeLog)log;
        if (node.Number == 0)
        {
            return;
        }

        node.Tail.DeleteAll(_batch, node.Number);
        _batch.Delete(RecordKind.Identity, node.Number);
        _batch.Delete(RecordKind.HardState, node.Number);
        _batch.Delete(RecordKey.OfName(node.Node));
        _numbers.TryRemove(node.Node, out _);
    }

    /// <inheritdoc/>
    protected internal override void StageTombstone(GroupId group) => _batch.Put(RecordKey.OfTombstone(group.Value), []);

    /// <inheritdoc/>
    protected override void Commit()
    {
        _device.Write(_database!, _batch.Native, _writeOptions);
        _batch.Clear();
    }

    /// <inheritdoc/>
    protected internal override void SnapshotInForce(QueuedNodeLog log, SnapshotWrite snapshot)
    {
        var node = (RocksDbNodeLog)log;
        node.InForce = snapshot.Header;
        _tidying.Remove(() => node.Snapshots.DeleteOlderThan(snapshot.Header));
        _tidying.Compact(RecordKey.OfNode(RecordKind.Entry, node.Number), RecordKey.OfNode(RecordKind.Entry, node.Number, snapshot.Base.Index.Value + 1));
    }

    /// <inheritdoc/>
    protected internal override void NodeDeleted(QueuedNodeLog log)
    {
        var node = (RocksDbNodeLog)log;
        if (node.Number != 0)
        {
            _tidying.Remove(node.Snapshots.DeleteAll);
            _tidying.Compact(RecordKey.OfNode(RecordKind.Entry, node.Number), RecordKey.OfNode(RecordKind.Entry, node.Number + 1), atOnce: true);
        }
    }

    internal Task<IReadOnlyList<LogEntry>> ReadEntries(
        RocksDbNodeLog log, LogIndex first, LogIndex last, long maxBytes, CancellationToken cancellationToken) => Task.Run(
            () => Read(() => EntryReader.Read(Records, log.Node, log.Number, first, last, maxBytes, cancellationToken)), cancellationToken);

    private OpenedLogStore ReadHeader(RocksDbSharp.RocksDb database)
    {
        _records = new RecordReader(database, Description);
        var header = new StoreHeader(_records, Description);
        header.CheckFormat();
        var startCount = header.ReadStartCount() + 1;
        _nextNumber = header.ReadNextNodeNumber();
        foreach (var (node, number) in header.ReadNodes())
        {
            _numbers[node] = number;
        }

        _snapshots.RemoveAllBut(_numbers.Values);
        var deletedGroups = header.ReadDeletedGroups();
        StoreHeader.Stage(_batch, startCount, _nextNumber);
        Commit();
        LogOpened(_logger, Description, _numbers.Count, startCount);
        return new OpenedLogStore(startCount, [.. _numbers.Keys], deletedGroups);
    }

    /// <summary>Gives a node that has nothing stored a number that no node had before.</summary>
    private long StageNumber(RocksDbNodeLog node)
    {
        var number = _nextNumber++;
        _batch.PutNumber(RecordKey.OfStore(RecordKind.NextNodeNumber), _nextNumber);
        _batch.PutNumber(RecordKey.OfName(node.Node), number);
        _numbers[node.Node] = number;
        node.Number = number;
        return number;
    }

    private sealed class Tables(RocksDbLogStore store) : StoreTidying.ITables
    {
        public long Bytes => long.Parse(store._database!.GetProperty("rocksdb.live-sst-files-size"), CultureInfo.InvariantCulture);

        public void Compact(byte[] from, byte[] to) => store._device.Compact(store._database!, from, to);
    }

    private T Read<T>(Func<T> read) => _reads.Read(Description, read);
}
