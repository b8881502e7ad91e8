using System.Collections.Concurrent;
using LifeRaft.Protocol;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

/// <summary>
/// The durable log store of our own: one write-ahead log per silo, in segments of a fixed size that are on the device before they are
/// used, so that each group commit is one write and one sync of data alone.
/// </summary>
/// <remarks>
/// An entry is written once. It is found by what is kept in memory of each node (<see cref="NodeIndex"/>), which a start makes anew by
/// reading the segments. A segment goes when no log needs an entry of it any more; one of which little is needed is copied once, without
/// what is not, so that a node that writes rarely does not keep what others wrote long ago.
/// </remarks>
public sealed partial class WriteAheadLogStore : GroupCommitLogStore
{
    /// <summary>What the system says of a file that somebody has for himself: ERROR_SHARING_VIOLATION, or EWOULDBLOCK of Linux or of the BSDs.</summary>
    private static readonly int _heldByAnother = OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : OperatingSystem.IsLinux() ? 11 : 35;

    private readonly WriteAheadLogOptions _options;
    private readonly ILogger<WriteAheadLogStore> _logger;
    private readonly WriteAheadDevice _device;
    private readonly ReadGate _reads = new();
    private readonly SnapshotKeeper _snapshots;
    private readonly SpareSegments _spares;

    // By name. Changed by the writer; a claim reads that of its own node, which nobody writes at that time.
    private readonly ConcurrentDictionary<string, NodeIndex> _nodes = new(StringComparer.Ordinal);

    // Touched by the writer only.
    private readonly StoreRecordWriter _frame = new();
    private readonly List<StoreRecord> _staged = [];
    private long _nextNumber;

    // Set when the files are opened.
    private FileStream? _lock;
    private StoreIndex _index = new();
    private SegmentLog? _log;

    /// <summary>Makes a store; nothing is touched before <see cref="GroupCommitLogStore.Open"/>.</summary>
    /// <exception cref="ArgumentException">The options are not usable; the message has all that is wrong with them.</exception>
    public WriteAheadLogStore(WriteAheadLogOptions options, ILogger<WriteAheadLogStore> logger)
        : this(options, logger, new WriteAheadDevice())
    {
    }

    internal WriteAheadLogStore(WriteAheadLogOptions options, ILogger<WriteAheadLogStore> logger, WriteAheadDevice device)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = string.Join(" ", options.Problems());
        if (problems.Length > 0)
        {
            throw new ArgumentException(problems, nameof(options));
        }

        (_options, _logger, _device) = (options, logger, device);
        _snapshots = new SnapshotKeeper(Path.Combine(options.Directory, "snapshots"), device, Description, _reads, StopBecause, NotTidied);
        _spares = new SpareSegments(SegmentDirectory, options.SegmentBytes, device, NotTidied);
    }

    /// <inheritdoc/>
    public override string Description => $"write-ahead log at {Path.GetFullPath(_options.Directory)}";

    /// <inheritdoc/>
    public override LogStoreCapabilities Capabilities => LogStoreCapabilities.SurvivesProcess | LogStoreCapabilities.SurvivesPowerCut;

    private string SegmentDirectory => Path.Combine(_options.Directory, "log");

    private SegmentLog Log => _log ?? throw new InvalidOperationException($"{Description} is not open.");

    /// <inheritdoc/>
    protected override OpenedLogStore OpenFiles()
    {
        Directory.CreateDirectory(SegmentDirectory);
        _lock = Lock();
        try
        {
            return ReadSegments();
        }
        catch
        {
            _log?.Dispose();
            _lock.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask CloseFiles()
    {
        await _reads.Close();
        await _spares.Close();
        _log?.Dispose();
        if (_lock is not null)
        {
            await _lock.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    protected override QueuedNodeLog Restore(NodeClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return _reads.Read(Description, () =>
        {
            var node = _nodes.GetValueOrDefault(claim.Node);
            var restored = node is null ? RestoredNode.Blank : new NodeRestoration(Description, claim.Node, node).Read();
            if (node is not null)
            {
                _snapshots.RemoveNow(() => _snapshots.Of(node.Number, claim.Epoch).Reclaim(restored.Snapshot));
            }

            return new WriteAheadNodeLog(this, _snapshots, claim, restored, node);
        });
    }

    /// <inheritdoc/>
    protected internal override void Stage(QueuedNodeLog log, LogWrite write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var node = (WriteAheadNodeLog)log;
        if (node.Number == 0)
        {
            node.Number = _nextNumber++;
            Add(new NodeNamed(node.Number, node.Node));
        }

        if (write.Identity is { } identity)
        {
            Add(new IdentityStored(node.Number, identity));
        }

        if (write.HardState is { } hardState)
        {
            Add(new HardStateStored(node.Number, hardState));
        }

        if (write.Snapshot is { } snapshot)
        {
            Add(new SnapshotStored(node.Number, snapshot));
        }

        if (write.Entries.Count > 0)
        {
            _staged.AddRange(_frame.WriteEntries(node.Number, write.Entries).Select(run => new EntriesStored(node.Number, run)));
        }
    }

    /// <inheritdoc/>
    protected internal override void StageDeletion(QueuedNodeLog log)
    {
        var node = (WriteAheadNodeLog)log;
        if (node.Number != 0)
        {
            Add(new NodeRemoved(node.Number));
        }
    }

    /// <inheritdoc/>
    protected internal override void StageTombstone(GroupId group) => Add(new GroupDeleted(group));

    /// <inheritdoc/>
    protected override void Commit()
    {
        // What is known changes only behind the sync: should a segment begin with this frame, it begins with what was before it.
        var (segment, offset) = Log.Append(_frame);
        foreach (var record in _staged)
        {
            (record is EntriesStored entries ? entries with { Run = entries.Run with { Segment = segment, Offset = offset + entries.Run.Offset } } : record).Apply(_index);
        }

        var hasShrunk = _staged.Exists(record => record is SnapshotStored or NodeRemoved);
        _staged.Clear();
        _frame.Clear();
        TidyAfter(segment, hasShrunk);
    }

    /// <inheritdoc/>
    protected internal override void SnapshotInForce(QueuedNodeLog log, SnapshotWrite snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var node = (WriteAheadNodeLog)log;
        node.InForce = snapshot.Header;
        _spares.Do(() => node.Snapshots.DeleteOlderThan(snapshot.Header));
    }

    /// <inheritdoc/>
    protected internal override void NodeDeleted(QueuedNodeLog log)
    {
        var node = (WriteAheadNodeLog)log;
        if (node.Number != 0)
        {
            _nodes.TryRemove(node.Node, out _);
            _spares.Do(node.Snapshots.DeleteAll);
        }
    }

    internal Task<IReadOnlyList<LogEntry>> ReadEntries(WriteAheadNodeLog log, LogIndex first, LogIndex last, long maxBytes, CancellationToken cancellationToken) => Task.Run<IReadOnlyList<LogEntry>>(
        () => _reads.Read(Description, () => new StoredEntries(Description, log.Node, log.Index ??= _nodes.GetValueOrDefault(log.Node)).Read(first, last, maxBytes, cancellationToken)),
        cancellationToken);

    private void Add(StoreRecord record)
    {
        _frame.Write(record);
        _staged.Add(record is NodeNamed named ? new NodeListed(named, _nodes) : record);
    }

    private OpenedLogStore ReadSegments()
    {
        var recovery = new Recovery(SegmentDirectory, Description, _device, _spares.Return);
        recovery.Read();
        _index = recovery.Index;
        if (recovery.Torn is { } torn)
        {
            LogTornFrame(_logger, torn.File, Description, torn.Offset);
        }

        _index.StartCount++;
        _nextNumber = _index.NextNumber;
        foreach (var node in _index.Nodes)
        {
            _nodes[node.Name] = node;
        }

        var before = recovery.Segments.LastOrDefault();
        _log = new SegmentLog(SegmentDirectory, _device, _options.SegmentBytes, recovery, _spares);
        _log.Begin(room: 0);
        if (before is not null)
        {
            RandomAccess.SetLength(before.Handle, before.End); // It is not written any more.
        }

        _log.RetireDead();
        _spares.Prepare();
        _snapshots.RemoveAllBut(_index.Nodes.Select(node => node.Number));
        LogOpened(_logger, Description, _nodes.Count, _index.StartCount);
        return new OpenedLogStore(_index.StartCount, [.. _nodes.Keys], [.. _index.DeletedGroups]);
    }

    private FileStream Lock()
    {
        var file = Path.GetFullPath(Path.Combine(_options.Directory, "lock"));
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure) when (failure.HResult == _heldByAnother)
        {
            throw new LogStoreException($"{Description} cannot be opened: another process holds it ({failure.Message}). Stop that one, or give this silo a directory of its own.", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new LogStoreException($"{Description} cannot be opened: its lock file {file} cannot be had ({failure.Message}). Mend that, and start the silo again.", failure);
        }
    }

    private void NotTidied(Exception failure) => LogNotTidied(_logger, Description, failure.Message);
}
