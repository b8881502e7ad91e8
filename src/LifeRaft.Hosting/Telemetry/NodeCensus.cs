using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// Walks over the nodes of a silo and sums up what they are like. A collection asks once for each of a dozen gauges, so that what was
/// seen a moment ago is what is seen: ten thousand nodes are walked over once.
/// </summary>
internal sealed class NodeCensus(NodeSessions sessions, TimeProvider time)
{
    /// <summary>How long a census is good for.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private Dictionary<NodeTags, NodeCounts> _counts = [];
    private long? _takenAt;

    /// <summary>How many were taken.</summary>
    public int Taken { get; private set; }

    /// <summary>The counts of the nodes that share attributes.</summary>
    public IReadOnlyDictionary<NodeTags, NodeCounts> Look()
    {
        lock (_gate)
        {
            if (_takenAt is not { } taken || time.GetElapsedTime(taken) >= Freshness)
            {
                _counts = Take();
                _takenAt = time.GetTimestamp();
                Taken++;
            }

            return _counts;
        }
    }

    private Dictionary<NodeTags, NodeCounts> Take()
    {
        var counts = new Dictionary<NodeTags, NodeCounts>();
        foreach (var session in sessions.All)
        {
            var tags = session.Telemetry.Meter.Tags;
            if (!counts.TryGetValue(tags, out var count))
            {
                counts.Add(tags, count = new NodeCounts());
            }

            count.Add(session.Pump, session.Telemetry.Figures);
        }

        return counts;
    }
}

/// <summary>What a node was like at the end of its last turn; written in turns, read at any time.</summary>
internal sealed class NodeFigures
{
    public volatile RaftState State = RaftState.Child;
    public volatile bool IsLeaderless;
    public volatile bool IsQuiet;
    public volatile int Silent;
    public long LagMost;
    public long LagSum;
    public long Unapplied;

    public void Set(RaftNode node, in ReplicationLag lag)
    {
        State = node.State;
        IsLeaderless = node.Leader.IsNone && !node.Identity.IsBlank;
        IsQuiet = node.IsQuiet;
        Silent = lag.Silent;
        LagMost = lag.Most;
        LagSum = lag.Sum;
        Unapplied = node.Commit - node.AppliedIndex;
    }
}

/// <summary>Sums over nodes, and the worst of them.</summary>
internal sealed class NodeCounts
{
    private readonly long[] _states = new long[Enum.GetValues<RaftState>().Length];

    public long Failed { get; private set; }

    public long Leaderless { get; private set; }

    public long Quiet { get; private set; }

    public long HealthyGroups { get; private set; }

    public long DegradedGroups { get; private set; }

    public long SilentMembers { get; private set; }

    public long LagMost { get; private set; }

    public long LagSum { get; private set; }

    public long Unapplied { get; private set; }

    public long Inbox { get; private set; }

    public long Waiting { get; private set; }

    public long Requests { get; private set; }

    public long RequestBytes { get; private set; }

    public long Sessions { get; private set; }

    public TimeSpan TurnDelay { get; private set; }

    public long In(RaftState state) => _states[(int)state];

    public void Add(NodePump pump, NodeFigures figures)
    {
        if (pump.Failure is not null)
        {
            Failed++;
            return;
        }

        if (pump.IsOver)
        {
            _states[(int)RaftState.Stopped]++;
            return;
        }

        _states[(int)figures.State]++;
        Leaderless += figures.IsLeaderless ? 1 : 0;
        Quiet += figures.IsQuiet ? 1 : 0;
        Unapplied = Math.Max(Unapplied, figures.Unapplied);
        Inbox += pump.Pending;
        Waiting += pump.Waiting;
        Requests += pump.Load.Requests.Requests;
        RequestBytes += pump.Load.Requests.Bytes + pump.Load.Waiting.Bytes;
        TurnDelay = pump.Overdue > TurnDelay ? pump.Overdue : TurnDelay;
        if (figures.State == RaftState.Leader)
        {
            AddLed(pump, figures);
        }
    }

    private void AddLed(NodePump pump, NodeFigures figures)
    {
        HealthyGroups += figures.Silent == 0 ? 1 : 0;
        DegradedGroups += figures.Silent == 0 ? 0 : 1;
        SilentMembers += figures.Silent;
        LagMost = Math.Max(LagMost, figures.LagMost);
        LagSum += figures.LagSum;
        Sessions += pump.State.Sessions;
    }
}
