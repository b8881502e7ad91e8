using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LifeRaft.Protocol;
using Microsoft.Extensions.Options;

namespace LifeRaft.Hosting;

/// <summary>
/// What the meter <c>LifeRaft</c> of a silo counts and times; what it is like at a moment is in <see cref="RaftGauges"/>. The page beside
/// this file explains each. Attributes have few values however many groups there are: a group is named only where the options say so.
/// </summary>
internal sealed class RaftInstruments
{
    public const string MeterName = "LifeRaft";

    // 50 µs, where a commit without a disk is, to the deadline of a command.
    private static readonly InstrumentAdvice<double> _seconds = new()
    {
        HistogramBucketBoundaries = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private static readonly InstrumentAdvice<long> _bytes = new() { HistogramBucketBoundaries = [64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216] };
    private static readonly InstrumentAdvice<long> _entries = new() { HistogramBucketBoundaries = [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096] };
    private static readonly InstrumentAdvice<long> _snapshotBytes = new()
    {
        HistogramBucketBoundaries = [1024, 16384, 262144, 1048576, 4194304, 16777216, 67108864, 268435456, 1073741824, 4294967296, 17179869184],
    };

    private readonly ConcurrentDictionary<(string Machine, string? Group), NodeTags> _tags = new();
    private readonly HashSet<string> _named;

    public RaftInstruments(IMeterFactory meters, ILocalSiloDetails silo, IOptions<RaftOptions> options)
    {
        _named = [.. options.Value.MeasuredGroups()];
        Meter = meters.Create(new MeterOptions(MeterName)
        {
            Version = typeof(RaftInstruments).Assembly.GetName().Version?.ToString(3),
            Tags = [new("liferaft.silo", silo.Name)],
        });
        HeartbeatTimeouts = Meter.CreateCounter<long>("liferaft.heartbeat.timeouts", "{timeout}", "Nodes that heard no leader for an election timeout.");
        Elections = Meter.CreateCounter<long>("liferaft.elections", "{election}", "Elections that nodes of this silo began.");
        LeaderChanges = Meter.CreateCounter<long>("liferaft.leader.changes", "{change}", "Times that a node of this silo began to lead its group.");
        LeadershipEnds = Meter.CreateCounter<long>("liferaft.leadership.ends", "{end}", "Times that a node of this silo ceased to lead its group.");
        MembershipChanges = Meter.CreateCounter<long>("liferaft.membership.changes", "{change}", "Members that joined or left groups that are led here.");
        NodeFailures = Meter.CreateCounter<long>("liferaft.node.failures", "{node}", "Nodes that failed and stopped.");
        Proposals = Meter.CreateCounter<long>("liferaft.proposals", "{proposal}", "Commands and session requests that reached a node, by what became of them.");
        Reads = Meter.CreateCounter<long>("liferaft.reads", "{read}", "Queries that reached a node.");
        Overloads = Meter.CreateCounter<long>("liferaft.overloads", "{request}", "Requests that were refused because too much was waiting.");
        EntriesApplied = Meter.CreateCounter<long>("liferaft.entries.applied", "{entry}", "Log entries that nodes have applied.");
        CommitDuration = Meter.CreateHistogram("liferaft.commit.duration", "s", "From the arrival of a proposal at the leader until it was applied there.", tags: null, _seconds);
        RoundTripDuration = Meter.CreateHistogram("liferaft.peer.round_trip.duration", "s", "From a leader's message to its follower's answer.", tags: null, _seconds);
        SyncDuration = Meter.CreateHistogram("liferaft.log.sync.duration", "s", "One commit of the log store, which is one sync of the disk.", tags: null, _seconds);
        BatchEntries = Meter.CreateHistogram("liferaft.log.batch.entries", "{entry}", "Log entries in one commit of the log store.", tags: null, _entries);
        BatchSize = Meter.CreateHistogram("liferaft.log.batch.size", "By", "Bytes of the log entries in one commit of the log store.", tags: null, _bytes);
        Snapshots = Meter.CreateCounter<long>("liferaft.snapshots", "{snapshot}", "Snapshots, by what was done with them.");
        SnapshotDuration = Meter.CreateHistogram("liferaft.snapshot.duration", "s", "Writing a snapshot, or loading one that a leader sent.", tags: null, _seconds);
        SnapshotSize = Meter.CreateHistogram("liferaft.snapshot.size", "By", "The content of a snapshot that was taken or installed.", tags: null, _snapshotBytes);
        SnapshotSent = Meter.CreateCounter<long>("liferaft.snapshot.sent", "By", "Content of snapshots that was sent to followers.");
    }

    public Meter Meter { get; }

    public Counter<long> HeartbeatTimeouts { get; }

    public Counter<long> Elections { get; }

    public Counter<long> LeaderChanges { get; }

    public Counter<long> LeadershipEnds { get; }

    public Counter<long> MembershipChanges { get; }

    public Counter<long> NodeFailures { get; }

    public Counter<long> Proposals { get; }

    public Counter<long> Reads { get; }

    public Counter<long> Overloads { get; }

    public Counter<long> EntriesApplied { get; }

    public Histogram<double> CommitDuration { get; }

    public Histogram<double> RoundTripDuration { get; }

    public Histogram<double> SyncDuration { get; }

    public Histogram<long> BatchEntries { get; }

    public Histogram<long> BatchSize { get; }

    public Counter<long> Snapshots { get; }

    public Histogram<double> SnapshotDuration { get; }

    public Histogram<long> SnapshotSize { get; }

    public Counter<long> SnapshotSent { get; }

    /// <summary>The attributes of a node's measurements, shared by all nodes that have the same.</summary>
    public NodeTags TagsOf(NodeKey node)
    {
        var group = node.Group.ToString();
        return _tags.GetOrAdd(
            (node.Group.Machine, _named.Contains(group) ? group : null),
            static names => new NodeTags(names.Machine, names.Group));
    }

    /// <summary>A commit of the log store.</summary>
    public void Committed(in CommittedBatch batch)
    {
        SyncDuration.Record(batch.Duration.TotalSeconds);
        BatchEntries.Record(batch.Entries);
        BatchSize.Record(batch.Bytes);
    }

    /// <summary>As the values of an attribute are written: <c>LeadershipMoving</c> is <c>leadership_moving</c>.</summary>
    public static string Written(Enum value) => string.Concat(
        value.ToString().Select((letter, at) => char.IsUpper(letter) ? $"{(at > 0 ? "_" : "")}{char.ToLowerInvariant(letter)}" : $"{letter}"));
}
