using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// How the nodes of a silo behave. The first four are liferaft's and only the default for groups that this silo founds: they travel in
/// the group's configuration, so that all of its members agree.
/// </summary>
public sealed class RaftOptions
{
    /// <summary>Time between two heartbeats of a leader.</summary>
    /// <value>
    /// More than zero and less than <see cref="ElectionMin"/>; 50 ms by default. Shorter costs messages; longer leaves fewer heartbeats
    /// that may be lost before a follower campaigns.
    /// </value>
    public TimeSpan Heartbeat { get; set; } = GroupTimings.Default.Heartbeat;

    /// <summary>Shortest silence of the leader after which a member campaigns.</summary>
    /// <value>
    /// More than <see cref="Heartbeat"/>; 150 ms by default. Shorter finds a new leader sooner, and campaigns against living leaders when
    /// the network or a garbage collection is slow; ten times the usual round trip is a good lower bound.
    /// </value>
    public TimeSpan ElectionMin { get; set; } = GroupTimings.Default.ElectionMin;

    /// <summary>Longest such silence. Each timeout is drawn uniformly from the two bounds.</summary>
    /// <value>
    /// From <see cref="ElectionMin"/> to 1 h; 300 ms by default. The nearer to <see cref="ElectionMin"/>, the more often two members
    /// campaign at once and split the votes.
    /// </value>
    public TimeSpan ElectionMax { get; set; } = GroupTimings.Default.ElectionMax;

    /// <summary>Share of <see cref="ElectionMin"/> above which the average round trip raises the threshold event.</summary>
    /// <value>More than 0, at most 1; 0.8 by default. Lower warns earlier; nothing but the event depends on it.</value>
    public double Threshold { get; set; } = GroupTimings.Default.Threshold;

    /// <summary>Largest command, in bytes.</summary>
    /// <value>
    /// 1 B to 16 MiB; 1 MiB by default. A larger command is refused and nothing is done. Large commands hold up the heartbeats behind them.
    /// </value>
    public int MaximumCommandBytes { get; set; } = 1024 * 1024;

    /// <summary>A message to a follower carries entries up to this many bytes, and at least one entry.</summary>
    /// <value>1 KiB to 16 MiB; 1 MiB by default. Smaller costs messages while a follower catches up; larger delays what is behind them.</value>
    public int MaximumBytesPerAppend { get; set; } = 1024 * 1024;

    /// <summary>Such messages that may be unanswered, per follower.</summary>
    /// <value>1 to 1024; 8 by default. While all are unanswered, new entries wait and make the next message larger.</value>
    public int MaximumAppendsInFlight { get; set; } = 8;

    /// <summary>Entries of a leader that no majority has yet, in bytes.</summary>
    /// <value>
    /// <see cref="MaximumCommandBytes"/> to 16 GiB; 64 MiB by default. Beyond it commands are refused as overload at once, so it bounds
    /// a leader's memory while its followers are slow or away.
    /// </value>
    public long MaximumUncommittedBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>Entries that a node keeps in memory, in bytes.</summary>
    /// <value>0 to 16 GiB; 16 MiB by default. A follower that is further behind than this is served from the disk.</value>
    public long CachedBytes { get; set; } = 16L * 1024 * 1024;

    /// <summary>Entries after which a node takes a snapshot of its state machine and compacts its log.</summary>
    /// <value>
    /// 1 to 1,000,000,000; 100,000 by default. Fewer make restarts shorter, for what came after the snapshot is applied again; more write
    /// the state less often.
    /// </value>
    public long SnapshotAfterEntries { get; set; } = 100_000;

    /// <summary>Entries after which a node takes a snapshot, by their size in bytes; whichever of the two is reached first.</summary>
    /// <value>1 KiB to 1 TiB; 64 MiB by default. It bounds the log on disk; well above the size of the state it costs little.</value>
    public long SnapshotAfterBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>Entries before a snapshot that stay in the log.</summary>
    /// <value>
    /// 0 to 1,000,000,000; 5000 by default. A follower that is further behind is sent the whole snapshot instead of the entries that it
    /// lacks.
    /// </value>
    public long EntriesKeptBehindSnapshot { get; set; } = 5000;

    /// <summary>A snapshot is sent to a follower in parts of this size.</summary>
    /// <value>1 KiB to 16 MiB; 128 KiB by default. Larger parts delay the heartbeats behind them.</value>
    public int SnapshotPartBytes { get; set; } = 128 * 1024;

    /// <summary>Such parts that may be unanswered, per follower.</summary>
    /// <value>1 to 1024; 8 by default. More are faster over a distance and take more memory on both sides.</value>
    public int MaximumSnapshotPartsInFlight { get; set; } = 8;

    /// <summary>How much the nodes of this silo would like to lead their groups.</summary>
    /// <value>
    /// -1000 to 1000; 0 by default. A leader hands over to a voter of a higher priority once that one has caught up, so that leaders gather
    /// where you prefer them, near their clients for instance.
    /// </value>
    public int LeaderPriority { get; set; }

    /// <summary>The assumption on which reads by lease rest: how much faster one silo's monotonic clock may run than another's.</summary>
    /// <value>
    /// 0 to 10, as a share; 0.1 by default, which is a thousand times what clocks drift. A lease is shorter than
    /// <see cref="ElectionMin"/> by it. Nothing but <see cref="ReadConsistency.Lease"/> depends on it.
    /// </value>
    public double MaximumClockDrift { get; set; } = 0.1;

    /// <summary>
    /// Whether groups that have nothing to do are quiet: they send no heartbeats and have no timers, and the silos watch each other for all
    /// of them with one message per pair. What they do when there is something to do, and how soon they elect a new leader, is the same.
    /// </summary>
    /// <value>
    /// True by default. A group is quiet only where all of its members' silos say so. False makes each group cost its heartbeats, idle or
    /// not. A node whose packets or heartbeats are watched or overridden keeps its group awake, and so does an
    /// <see cref="IPeerTransport"/> that does not share the connections of Orleans.
    /// </value>
    public bool QuietGroups { get; set; } = true;

    /// <summary>Deadline of a command for which the caller gave none.</summary>
    /// <value>1 ms to 1 day; 10 s by default. After it a command that was sent is reported as of unknown outcome.</value>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Deadline of a founding or of a join, which includes catching up with the log.</summary>
    /// <value>1 ms to 1 day; 30 s by default. After it the caller gets an error; what was begun goes on, and may be asked for again.</value>
    public TimeSpan JoinTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a silo that is stopped gives its nodes to hand over what they lead.</summary>
    /// <value>1 ms to 1 day; 5 s by default. A group whose leader did not succeed elects another one after an election timeout.</value>
    public TimeSpan HandOverTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long Message waits for each recipient. liferaft waits for ever.</summary>
    /// <value>1 ms to 1 day; 5 s by default. After it the recipient is among the errors.</value>
    public TimeSpan MessageTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether a cluster client may delete groups and end nodes, or only code that runs in a silo.</summary>
    /// <value>False by default. True lets whoever reaches the gateway delete the data.</value>
    public bool AllowDestructiveCallsFromClients { get; set; }

    /// <summary>
    /// Requests to one node that may be unanswered, and messages and requests that may wait in its inbox. Questions that wait for an answer
    /// are counted apart, up to the same number.
    /// </summary>
    /// <value>1 to 10,000,000; 100,000 by default. Beyond it requests are refused as overload at once.</value>
    public int MaximumPendingPerNode { get; set; } = 100_000;

    /// <summary>
    /// What unanswered requests to one node may hold, in bytes: their content, and 512 B for each. Questions that wait for an answer are
    /// counted apart, up to the same sum.
    /// </summary>
    /// <value>
    /// <see cref="MaximumCommandBytes"/> and 512 B to 16 GiB; 64 MiB by default, as <see cref="MaximumUncommittedBytes"/> is: more could not
    /// be on its way to a majority. Beyond it requests are refused as overload at once.
    /// </value>
    public long MaximumPendingBytesPerNode { get; set; } = 64L * 1024 * 1024;

    /// <summary>The same for all nodes of the silo together.</summary>
    /// <value>
    /// <see cref="MaximumCommandBytes"/> and 512 B to 16 GiB; 256 MiB by default, four nodes at their bound. What is counted is in memory
    /// about three times, as the message, as an entry and on its way to the followers: a tenth of the silo's memory is a good bound.
    /// </value>
    public long MaximumPendingBytesPerSilo { get; set; } = 256L * 1024 * 1024;

    /// <summary>A client session from which nothing is heard for so long ends. Sessions keep themselves alive with a request every third of it.</summary>
    /// <value>
    /// 1 s to 1 day; 1 min by default. Shorter frees memory sooner, and ends the sessions of clients that are cut off for as long:
    /// what they had under way is then of unknown outcome. This and the three options that follow travel with the opening of a
    /// session from the leader of that moment, so they should be equal on all silos of a group.
    /// </value>
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Sessions that a group remembers.</summary>
    /// <value>
    /// 1 to 1,000,000; 1,000 by default. When one more is opened, the least recently used one ends. With the next two it bounds
    /// what sessions take of every member's memory and snapshots.
    /// </value>
    public int MaximumSessions { get; set; } = 1_000;

    /// <summary>Commands of one session that may be unanswered at a time, and whose results are remembered.</summary>
    /// <value>1 to 100,000; 1,000 by default. Further commands wait in the client.</value>
    public int MaximumSessionResults { get; set; } = 1_000;

    /// <summary>Results of one session that are remembered, in bytes.</summary>
    /// <value>
    /// 0 B to 1 GiB; 1 MiB by default. What is more is forgotten, oldest first: a command that is repeated then still is not
    /// applied again, but its caller learns only that it was applied, not the result.
    /// </value>
    public long MaximumSessionResultBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// Groups that are to exist, by name (<c>{machine}/{name}</c>). One that no silo knows is founded as soon as as many silos run as it has
    /// members; one that exists is left as it is. All silos of a cluster declare the same.
    /// </summary>
    /// <value>
    /// None by default. A declaration does not hold up the silo's start. It founds once: a group that was deleted, or whose silos are down,
    /// is not founded again.
    /// </value>
    public IDictionary<string, GroupDeclaration> Groups { get; } = new Dictionary<string, GroupDeclaration>(StringComparer.Ordinal);

    /// <summary>
    /// Groups that metrics tell apart: their measurements carry the attribute <c>liferaft.group</c>. All others are measured together, by
    /// state machine.
    /// </summary>
    /// <value>
    /// At most 100 names, <c>{machine}/{name}</c>, separated by commas; none by default. Each name costs as many time series as there are instruments with their
    /// attributes, about a hundred, on every silo.
    /// </value>
    public string GroupsInMetrics { get; set; } = "";

    /// <summary>The pace of a group that this silo founds.</summary>
    public GroupTimings Timings() => new(Heartbeat, ElectionMin, ElectionMax, Threshold);

    /// <summary>The names in <see cref="GroupsInMetrics"/>.</summary>
    internal string[] MeasuredGroups() => GroupsInMetrics.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    internal SessionLimits SessionLimits() =>
        new((long)SessionTimeout.TotalMilliseconds, MaximumSessions, MaximumSessionResults, MaximumSessionResultBytes);

    /// <summary>The bounds of each node of this silo.</summary>
    public RaftSettings Settings() => new()
    {
        MaximumCommandBytes = MaximumCommandBytes,
        MaximumBytesPerAppend = MaximumBytesPerAppend,
        MaximumAppendsInFlight = MaximumAppendsInFlight,
        MaximumUncommittedBytes = MaximumUncommittedBytes,
        CachedBytes = CachedBytes,
        EntriesKeptBehindSnapshot = EntriesKeptBehindSnapshot,
        SnapshotPartBytes = SnapshotPartBytes,
        MaximumSnapshotPartsInFlight = MaximumSnapshotPartsInFlight,
        LeaderPriority = LeaderPriority,
        MaximumClockDrift = MaximumClockDrift,
        GoesQuiet = QuietGroups,
    };

    /// <summary>When a node of this silo takes a snapshot by itself.</summary>
    internal SnapshotThresholds Thresholds() => new(SnapshotAfterEntries, SnapshotAfterBytes);
}
