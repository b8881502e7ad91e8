using System.Security.Cryptography;
using LifeRaft.Protocol;
using Orleans.Serialization;

namespace LifeRaft.Hosting;

/// <summary>
/// One claim of a node's log and the pump that works on it, from opening to end. A node that was removed and is admitted again gets a
/// new session. All members are used within the turns of one activation.
/// </summary>
internal sealed class NodeSession : INodeObserver
{
    private readonly List<(Func<RaftNode, bool> Condition, TaskCompletionSource Reached)> _waiters = [];
    private readonly TaskCompletionSource<NodeEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<RaftEvent> _raise;
    private readonly INodeLog _log;
    private readonly PacketMapping _packets;
    private readonly Func<bool> _wantsPackets;
    private readonly Func<bool> _wantsCommits;
    private readonly Action _doubt;
    private readonly NodeTelemetry _telemetry;
    private readonly Func<RaftPacket, RaftPacket> _heartbeat;
    private readonly SiloLinks _links;
    private readonly TimeProvider _time;
    private bool _isQuiet;
    private Task _waking = Task.CompletedTask;

    private NodeSession(NodeKey key, INodeLog log, ReplicatedState state, SessionPorts ports)
    {
        Key = key;
        _log = log;
        _raise = ports.Raise;
        _wantsPackets = ports.WantsPackets;
        _wantsCommits = ports.WantsCommits;
        _doubt = ports.DoubtRunningSilos;
        _telemetry = ports.Telemetry;
        _heartbeat = ports.Heartbeat;
        _links = ports.Links;
        _time = ports.Time;
        Journal = new NodeJournal(key, ports.Journal, ports.Time);
        Pump = new NodePump(
            new NodePorts(ports.Endpoint, log, ports.Transport, state, this, ports.Host, ports.IsDeleted, ports.Time)
            {
                CreateMachine = ports.CreateMachine,
                Thresholds = ports.Thresholds,
                Meter = ports.Telemetry.Meter,
                Load = ports.Load,
            },
            ports.Settings,
            new Random());
        _packets = new PacketMapping(key.Address, () => Pump.Node, ports.Serializer);
        Node.StaysAwake = _wantsPackets();
        Journal.Opened(Node);
    }

    public NodeKey Key { get; }

    public NodePump Pump { get; }

    public ReplicatedState State => Pump.State;

    public RaftNode Node => Pump.Node;

    public NodeTelemetry Telemetry => _telemetry;

    public PacketMapping Packets => _packets;

    public NodeJournal Journal { get; }

    /// <summary>Why the node does not serve, or null.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Completes when the node is over and, unless it failed, its data is deleted.</summary>
    public Task<NodeEnd> Ended => _ended.Task;

    public static async Task<NodeSession> Open(NodeKey key, IRaftLogStore store, SessionPorts ports, CancellationToken cancellationToken)
    {
        var log = await store.Claim(key.ToString(), cancellationToken);
        var state = new ReplicatedState(ports.CreateMachine());
        if (log.Restored.Snapshot is { } snapshot)
        {
            await log.ReadSnapshot(snapshot, state.ReadSnapshot, cancellationToken);
        }

        return new NodeSession(key, log, state, ports);
    }

    /// <summary>Stops as a crash would, and is missed by no gauge.</summary>
    public void Halt()
    {
        Pump.Halt();
        _links.Gone(Pump);
        _telemetry.MissNobody();
    }

    /// <summary>Completes after the first turn at whose end the condition holds; fails when the node is over.</summary>
    public Task Until(Func<RaftNode, bool> condition)
    {
        if (condition(Node))
        {
            return Task.CompletedTask;
        }

        if (Pump.IsOver)
        {
            return Task.FromException(Over());
        }

        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiters.Add((condition, reached));
        return reached.Task;
    }

    /// <summary>Feeds the protocol and returns what it says.</summary>
    public Task<T> Ask<T>(Func<RaftNode, TimeSpan, T> ask)
    {
        if (Pump.IsOver)
        {
            return Task.FromException<T>(Over());
        }

        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Pump.Post(new NodeRequest((node, now) => answer.SetResult(ask(node, now))));
        return answer.Task;
    }

    /// <summary>Somebody watches from now on, and wants to see heartbeats.</summary>
    public void BeWatched() => Pump.Post(new NodeRequest((node, now) =>
    {
        node.StaysAwake = _wantsPackets();
        node.Wake(now);
    }));

    /// <summary>
    /// A quiet node has everything as far as it knows, and hears from nobody since when: it wakes for whoever asks, who waits until it
    /// has heard, or for as long as its leader may be silent.
    /// </summary>
    public Task LearnAgeOfState()
    {
        if (Node.IsQuiet && _waking.IsCompleted)
        {
            var isFresh = Pump.FreshFromNow();
            var heard = Until(_ => isFresh());
            Pump.Post(new NodeRequest(static (node, now) => node.Wake(now)));
            _waking = Task.WhenAny(heard, Task.Delay(Node.Configuration.Timings.ElectionMin, _time));
        }

        return _waking;
    }

    public NodeStatus Status(TimeSpan latency)
    {
        var status = Node.Status();
        return new NodeStatus
        {
            Address = Key.Address.ToString(),
            State = Pump.IsOver ? RaftState.Stopped : status.State,
            Term = status.Term,
            Leader = status.Configuration.Find(status.Leader)?.Address ?? "",
            Group = status.Identity.Group,
            Member = status.Identity.Member,
            Last = status.Last,
            Commit = status.Commit,
            Applied = status.Applied,
            Snapshot = Node.LatestSnapshot?.Index ?? LogIndex.Zero,
            LogBase = Node.LogBase.Index,
            Members = Members(),
            Latency = latency,
            Failure = Failure?.Message ?? "",
        };
    }

    /// <summary>Who belongs to the group, as far as the node knows.</summary>
    public IReadOnlyList<MemberStatus> Members()
    {
        var configuration = Node.Configuration;
        return [.. configuration.Everyone.Select(member => new MemberStatus(
            member.Address, member.Id, configuration.Voters.Any(voter => voter.Id == member.Id), GrainId.Parse(member.Endpoint))
        {
            BecomesVoter = member.BecomesVoter,
        })];
    }

    public StateHash Hash()
    {
        using var hash = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        {
            State.CaptureSnapshot()(stream);
        }

        return new StateHash(Node.AppliedIndex, Convert.ToHexString(hash.Hash!));
    }

    /// <summary>Reads entries that are on the disk, as <see cref="INodeLog.Read"/> does.</summary>
    public Task<IReadOnlyList<LogEntry>> ReadLog(LogIndex first, LogIndex last, long maxBytes) => _log.Read(first, last, maxBytes, CancellationToken.None);

    /// <summary>Reads a part of a snapshot, as <see cref="INodeLog.ReadSnapshotPart"/> does.</summary>
    public Task<ReadOnlyMemory<byte>> ReadSnapshotPart(SnapshotHeader snapshot, long offset, int maxBytes) =>
        _log.ReadSnapshotPart(snapshot, offset, maxBytes, CancellationToken.None);

    void INodeObserver.Happened(NodeEvent nodeEvent)
    {
        Journal.Happened(Node, nodeEvent);
        _telemetry.Happened(nodeEvent, Node);
        switch (nodeEvent)
        {
            case TermChanged term:
                _raise(new TermChangeEvent(term.New, term.Old));
                break;
            case LeaderChanged leader:
                _raise(new LeaderChangeEvent(AddressOf(leader.New), AddressOf(leader.Old)));
                break;
            case StateChanged { New: RaftState.Stopped }:
                break; // Said by Ended, when the data is gone.
            case StateChanged state:
                _raise(new StateChangeEvent(state.New, state.Old));
                _raise(new StateEvent(state.New));
                break;
            case HeartbeatTimedOut:
                _doubt();
                _raise(new HeartbeatTimeoutEvent());
                break;
            case VoteAnswered vote:
                _raise(new VoteEvent(_packets.FromMessage(vote.Request), vote.Granted));
                break;
            case MemberJoined joined:
                _raise(new JoinEvent(joined.Member.Address, joined.Member.Id));
                break;
            case MemberLeft left:
                _raise(new LeaveEvent(left.Member.Address, left.Member.Id));
                break;
            case MessageRefused refused:
                _raise(new ErrorEvent(refused.Reason));
                break;
            case Protocol.SnapshotInForce snapshot:
                _raise(new SnapshotEvent(snapshot.Snapshot.Index, snapshot.Snapshot.Bytes, IsInstalled: false));
                break;
            case SnapshotInstalled snapshot:
                _raise(new SnapshotEvent(snapshot.Snapshot.Index, snapshot.Snapshot.Bytes, IsInstalled: true));
                break;
            case ElectionStarted or LeadershipEnded:
                break; // For operators; liferaft knows the states.
            case SnapshotOffered:
                break; // The follower tells of what comes of it.
            case HeartbeatSent:
                Journal.LookAround(Node);
                break; // Said before it left, by HeartbeatLeaves.
            default:
                throw new NodeStoppedException($"The event {nodeEvent.GetType()} has no counterpart.", new InvalidOperationException());
        }
    }

    ReadOnlyMemory<byte> INodeObserver.HeartbeatLeaves()
    {
        if (!_wantsPackets())
        {
            return default;
        }

        var packet = _heartbeat(_packets.Create(PacketTypes.Append));
        _raise(new HeartbeatEvent(packet));
        return _packets.Attachment(packet);
    }

    void INodeObserver.Arrived(RaftMessage message)
    {
        if (message is VoteRequest or MembershipQuestion)
        {
            _doubt(); // Somebody hears no leader, perhaps because this silo sends to where it no longer is.
        }

        if (_wantsPackets() && message is not Refusal)
        {
            _raise(new DataEvent(_packets.FromMessage(message)));
        }
    }

    void INodeObserver.Applied(LogEntry entry, ReadOnlyMemory<byte> command)
    {
        if (_wantsCommits())
        {
            _raise(new CommitEvent(entry.Index, entry.Term, command));
        }
    }

    void INodeObserver.TurnEnded()
    {
        _telemetry.TurnEnded(Node);
        Node.StaysAwake = _wantsPackets();
        if (Node.IsQuiet || _isQuiet)
        {
            _isQuiet = Node.IsQuiet;
            _links.Look(Pump);
            Journal.LookAround(Node); // No round of heartbeats does.
        }

        for (var i = _waiters.Count - 1; i >= 0; i--)
        {
            if (_waiters[i].Condition(Node))
            {
                _waiters[i].Reached.SetResult();
                _waiters.RemoveAt(i);
            }
        }
    }

    void INodeObserver.ElapseFailed(Exception failure)
    {
        _telemetry.ElapseFailed(failure);
        Tell($"The state machine could not do what was due: {failure.Message} It is asked again; correct the machine.");
    }

    void INodeObserver.SnapshotFailed(Exception failure)
    {
        _telemetry.SnapshotFailed(failure);
        Tell($"The state machine could not write a snapshot: {failure.Message} The log grows until it can.");
    }

    private void Tell(string error)
    {
        Journal.Error(Node, error);
        _raise(new ErrorEvent(error));
    }

    void INodeObserver.Ended(NodeEnd end, RaftState before, Exception? failure)
    {
        Failure = failure;
        _links.Gone(Pump);
        Journal.Ended(Node, end, failure);
        _telemetry.Ended(end, failure);
        _ = Finish(end, before);
    }

    private async Task Finish(NodeEnd end, RaftState before)
    {
        if (end != NodeEnd.Failed)
        {
            try
            {
                await _log.Delete(end == NodeEnd.Dissolved ? Node.Identity.Group : null, CancellationToken.None);
            }
            catch (LogStoreException failure)
            {
                Failure = failure;
            }
        }

        if (Failure is { } cause)
        {
            _raise(new ErrorEvent(cause.Message));
        }

        _raise(new StateChangeEvent(RaftState.Stopped, before));
        _raise(new StateEvent(RaftState.Stopped));
        _raise(new EndEvent());
        foreach (var (_, reached) in _waiters)
        {
            reached.SetException(Over());
        }

        _waiters.Clear();
        _ended.SetResult(end);
    }

    private MembershipException Over() => new(Failure is null
        ? $"{Key} has ended. Join it to a group again."
        : $"{Key} has stopped: {Failure.Message}");

    private string AddressOf(MemberId member) => Node.Configuration.Find(member)?.Address ?? (member.IsNone ? "" : member.ToString());
}

/// <summary>What a session needs of its grain.</summary>
internal sealed record SessionPorts(
    string Endpoint,
    IPeerTransport Transport,
    IPumpHost Host,
    RaftSettings Settings,
    SnapshotThresholds Thresholds,
    Func<IStateMachine> CreateMachine,
    TimeProvider Time,
    Func<GroupId, bool> IsDeleted,
    Action<RaftEvent> Raise,
    Func<RaftPacket, RaftPacket> Heartbeat,
    Serializer Serializer,
    Func<bool> WantsPackets,
    Func<bool> WantsCommits,
    Action DoubtRunningSilos,
    SiloJournal Journal,
    NodeTelemetry Telemetry,
    SiloLinks Links,
    NodeLoad Load);
