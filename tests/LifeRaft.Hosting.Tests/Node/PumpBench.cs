using LifeRaft.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace LifeRaft.Hosting.Tests;

/// <summary>A pump whose turns, clock, disk and links are in the hands of the test.</summary>
internal sealed partial class PumpBench : IPumpHost, IPeerTransport, INodeObserver, INodeLog
{
    private readonly Queue<Action> _turns = new();
    private readonly Queue<(LogWrite Write, ILogWriteCompletion Completion)> _writes = new();
    private readonly List<LogEntry> _stored = [];

    public PumpBench(IStateMachine? machine = null, RaftSettings? settings = null, SnapshotThresholds? thresholds = null, NodeMeter? meter = null, NodeLoad? load = null)
    {
        Machine = machine ?? new CountingMachine();
        var ports = new NodePorts("me", this, this, new ReplicatedState(Machine), this, this, Deleted.Contains, Time)
        {
            CreateMachine = () => NewMachine(),
            Meter = meter,
            Load = load ?? NodeLoad.Unbounded(),
            Thresholds = thresholds ?? new SnapshotThresholds(long.MaxValue, long.MaxValue),
        };
        Pump = new NodePump(ports, settings ?? new RaftSettings(), new Random(7));
    }

    public FakeTimeProvider Time { get; } = new();

    public NodePump Pump { get; }

    public IStateMachine Machine { get; }

    public ReplicatedState State => Pump.State;

    public HashSet<GroupId> Deleted { get; } = [];

    public List<(string To, RaftMessage Message)> Sent { get; } = [];

    public List<NodeEvent> Events { get; } = [];

    /// <summary>The commands that were applied, and by which entry.</summary>
    public List<(LogIndex Index, byte[] Command)> Applied { get; } = [];

    public List<Exception> ElapseFailures { get; } = [];

    public (NodeEnd End, Exception? Failure)? End { get; private set; }

    /// <summary>What the timer was last set to, counted from that moment.</summary>
    public TimeSpan? Timer { get; private set; }

    public int TimerSettings { get; private set; }

    /// <summary>What the log throws when something is to be written to it; null while it works.</summary>
    public LogStoreException? Broken { get; set; }

    /// <summary>What is done at the end of each turn.</summary>
    public Action TurnEnds { get; set; } = static () => { };

    public int WritesWaiting => _writes.Count;

    public int TurnsWaiting => _turns.Count;

    public int ReadsFromDisk { get; private set; }

    public string Node => "kv/bench/1@silo";

    public long Epoch => 1;

    public RestoredNode Restored => RestoredNode.Blank;

    /// <summary>Runs the turns that are scheduled, and those that they schedule.</summary>
    public void Run()
    {
        while (_turns.TryDequeue(out var turn))
        {
            turn();
        }
    }

    /// <summary>The write under way becomes durable, or fails.</summary>
    public void CompleteWrite(LogStoreException? failure = null)
    {
        var (write, completion) = _writes.Dequeue();
        if (failure is null && write.Snapshot is { } snapshot)
        {
            InForce.Add(snapshot);
            _stored.RemoveAll(entry => snapshot.ReplacesLog || entry.Index <= snapshot.Base.Index);
        }

        if (failure is null && write.Entries.Count > 0)
        {
            _stored.RemoveAll(entry => entry.Index >= write.Entries[0].Index);
            _stored.AddRange(write.Entries);
        }

        completion.Completed(write, failure);
        Run();
    }

    public void CompleteAllWrites()
    {
        Run();
        while (_writes.Count > 0)
        {
            CompleteWrite();
        }
    }

    public RequestCaller Propose(byte command)
    {
        var caller = new RequestCaller();
        Pump.Post(new CommandArrived(new[] { command }, caller, 0));
        return caller;
    }

    public RequestCaller Propose(SessionRequest request)
    {
        var caller = new RequestCaller();
        Pump.Post(new SessionRequestArrived(request, caller, 0));
        return caller;
    }

    /// <summary>A group of this node, which leads it.</summary>
    public Member Found()
    {
        var me = new Member(new MemberId(Guid.NewGuid()), "1@silo", "liferaft-node/kv/bench/1@silo");
        Pump.Post(new NodeRequest((node, now) => node.TryFound(new GroupId(Guid.NewGuid()), me, GroupTimings.Default, now)));
        CompleteAllWrites();
        Assert.Equal(RaftState.Leader, Pump.Node.State);
        return me;
    }

    /// <summary>A learner that the leader replicates to; it answers only when the test says so.</summary>
    public Member AddLearner()
    {
        var learner = new Member(new MemberId(Guid.NewGuid()), "2@other", "liferaft-node/kv/bench/2@other");
        var caller = new RequestCaller();
        Pump.Post(new NodeRequest((node, now) => node.AddMember(learner, isVoter: false, caller, now)));
        CompleteAllWrites();
        return learner;
    }

    /// <summary>A follower of another leader.</summary>
    public (Member Me, Member Leader, GroupId Group) Follow()
    {
        var group = new GroupId(Guid.NewGuid());
        var me = new Member(new MemberId(Guid.NewGuid()), "1@silo", "liferaft-node/me");
        var leader = new Member(new MemberId(Guid.NewGuid()), "2@other", "liferaft-node/kv/bench/2@other");
        Pump.Post(new NodeRequest((node, now) => node.TryAdmit(new NodeIdentity(group, me.Id), now)));
        var configuration = GroupConfiguration.Founding(leader, GroupTimings.Default) with { Voters = [me, leader] };
        var entry = LogEntry.Create(EntryKind.Configuration, LogIndex.First, new Term(1), 0, GroupConfigurationCodec.Encode(configuration));
        Pump.Post(new MessageArrived("leader", new AppendRequest
        {
            Group = group,
            From = leader.Id,
            To = me.Id,
            Term = new Term(1),
            PreviousIndex = default,
            PreviousTerm = default,
            Entries = [entry],
            Commit = default,
        }));
        CompleteAllWrites();
        Sent.Clear();
        return (me, leader, group);
    }

    void IPumpHost.Schedule(Action turn) => _turns.Enqueue(turn);

    void IPumpHost.SetTimer(TimeSpan due)
    {
        Timer = due;
        TimerSettings++;
    }

    void IPeerTransport.Send(string from, string to, RaftMessage message) => Sent.Add((to, message));

    void INodeLog.Write(LogWrite write, ILogWriteCompletion completion)
    {
        if (Broken is not null)
        {
            throw Broken;
        }

        _writes.Enqueue((write, completion));
    }

    Task<IReadOnlyList<LogEntry>> INodeLog.Read(LogIndex first, LogIndex last, long maxBytes, CancellationToken cancellationToken)
    {
        ReadsFromDisk++;
        return Task.FromResult<IReadOnlyList<LogEntry>>([.. _stored.Where(entry => entry.Index >= first && entry.Index <= last)]);
    }

    Task INodeLog.Delete(GroupId? deletedGroup, CancellationToken cancellationToken) => Task.CompletedTask;

    void INodeObserver.Happened(NodeEvent nodeEvent) => Events.Add(nodeEvent);

    void INodeObserver.Arrived(RaftMessage message)
    {
    }

    ReadOnlyMemory<byte> INodeObserver.HeartbeatLeaves() => default;

    void INodeObserver.Applied(LogEntry entry, ReadOnlyMemory<byte> command) => Applied.Add((entry.Index, command.ToArray()));

    void INodeObserver.Ended(NodeEnd end, RaftState before, Exception? failure) => End = (end, failure);

    void INodeObserver.TurnEnded() => TurnEnds();

    /// <summary>Counts its commands; one of them it cannot apply.</summary>
    public sealed class CountingMachine : IStateMachine
    {
        public int Applied { get; set; }

        public ReadOnlyMemory<byte> Apply(in CommandContext context, ReadOnlyMemory<byte> command) =>
            command.Span[0] == 13 ? throw new InvalidOperationException("thirteen is not applied") : new[] { (byte)++Applied };

        public ReadOnlyMemory<byte> Query(ReadOnlyMemory<byte> query) => new[] { (byte)Applied };

        public Action<Stream> CaptureSnapshot()
        {
            var applied = (byte)Applied;
            return destination => destination.WriteByte(applied);
        }

        public void ReadSnapshot(Stream source) => Applied = source.ReadByte();
    }
}
