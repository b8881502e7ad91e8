using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>
/// One life of a node: the production pump with everything that it touches. From the moment of its death nothing that it does
/// reaches anybody, also in the middle of a turn.
/// </summary>
internal sealed class Activation : IPumpHost, IPeerTransport, INodeObserver
{
    private readonly Queue<Action> _heldBack = new();
    private int _reachesLeft = int.MaxValue;
    private bool _diesAfterPromise;
    private bool _wasQuiet;
    private long _timer;
    private (LogPosition Position, MemberId From) _receives;

    /// <summary>The machine that was applied to last, or loaded when this life began.</summary>
    private JudgedMachine _machine;

    public Activation(World world, Host host)
    {
        World = world;
        Host = host;
        Number = ++world.Activations;
        Log = host.Disk.Claim(this);
        _machine = new JudgedMachine(this, world.Bug == PlantedBug.AppliedTwiceAfterRestart ? host.KeptMachine : new RegisterMachine());
        var state = new ReplicatedState(_machine);
        if (Log.Restored.Snapshot is { } snapshot)
        {
            host.Disk.Snapshots.Read(snapshot, state.ReadSnapshot);
            LastApplied = snapshot.Index;
            world.Counts.RestartsFromSnapshots++;
        }

        ToldTerm = Log.Restored.HardState.Term.Value;
        Pump = new NodePump(
            new NodePorts(host.Endpoint, Log, this, state, this, this, static _ => false, host.Clock)
            {
                CreateMachine = () => new JudgedMachine(this, new RegisterMachine()),
                Thresholds = world.Settings.Snapshots,
            },
            world.Settings.Node with { LeaderPriority = host.LeaderPriority },
            world.Chance.Branch());
    }

    public World World { get; }

    public Host Host { get; }

    public int Number { get; }

    public SimulatedNodeLog Log { get; }

    public RegisterMachine Machine => ((JudgedMachine)Pump.State.Machine).Registers;

    public NodePump Pump { get; }

    public RaftNode Node => Pump.Node;

    public bool IsDead { get; private set; }

    /// <summary>It stopped because its disk or its host failed; only a restart helps.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>It was removed, and its data is deleted.</summary>
    public bool IsDeleted { get; private set; }

    /// <summary>What the judges remember of this life.</summary>
    public LogIndex LastApplied { get; set; }

    public long CountedUpTo { get; set; }

    /// <summary>At the end of the last turn: the term that the node led, zero for none, and its commit index.</summary>
    public (long LedTerm, long Commit) SeenCommit { get; set; }

    /// <summary>The term as the events tell it: they are told after everything that the turn did, when the node may be further.</summary>
    public long ToldTerm { get; set; }

    public long CommandsCounted { get; set; }

    public void Start() => Pump.Wake();

    /// <summary>Dies at that step of whatever it does next.</summary>
    public void DieAfter(int steps) => _reachesLeft = steps;

    /// <summary>Dies right after it has next promised something: a vote, or that entries are durable.</summary>
    public void DieAfterPromise() => _diesAfterPromise = true;

    /// <summary>Whatever death was planned for it, it lives.</summary>
    public void Live() => (_reachesLeft, _diesAfterPromise) = (int.MaxValue, false);

    public void Die()
    {
        IsDead = true;
        Pump.Halt();
        _heldBack.Clear();
    }

    /// <summary>Whether what the node does now reaches anybody. Each step may be its last.</summary>
    public bool Reaches()
    {
        if (!IsDead && --_reachesLeft == 0)
        {
            World.Counts.CrashesWithinTurns++;
            Host.Crash();
        }

        return !IsDead;
    }

    /// <summary>The host's processor is back.</summary>
    public void Continue()
    {
        while (_heldBack.TryDequeue(out var held))
        {
            held();
        }
    }

    void IPumpHost.Schedule(Action turn) => World.Queue.After(World.Chance.Milliseconds(0, 0.02), () => WhenRunning(turn));

    void IPumpHost.SetTimer(TimeSpan due)
    {
        var timer = ++_timer;
        var late = World.Chance.Milliseconds(-0.05, 1);
        World.Queue.After(Host.Clock.ToTrueTime(due) + late, () => WhenRunning(() =>
        {
            if (timer == _timer)
            {
                Pump.Wake();
            }
        }));
    }

    void IPeerTransport.Send(string from, string to, RaftMessage message)
    {
        if (!Reaches())
        {
            return;
        }

        if (message is SnapshotResponse { Offset: > 0 } response)
        {
            // It tells another leader how much of the same snapshot it has.
            World.Counts.SnapshotsResumed += _receives.Position == response.Position && _receives.From != response.To ? 1 : 0;
            _receives = (response.Position, response.To);
        }

        World.Judges.Sent(this, message);
        World.Trace.Note((int)TraceMark.Sent, Number, message.Term.Value, Messages.Digest(message));
        var target = World.HostOf(to);
        if (World.Trace.IsRead)
        {
            World.Trace.Show($"{Host} > {target} {Messages.Describe(message)}");
        }

        World.Network.Send(Host, target, message);
        if (_diesAfterPromise && message is (VoteResponse { Granted: true, IsPreVote: false } or AppendResponse { IsConflict: false }))
        {
            World.Counts.CrashesAfterPromises++;
            Host.Crash();
        }
    }

    /// <summary>Another machine than before is an installed snapshot: the judges look at it before anything is applied to it.</summary>
    public void NoticeMachine(JudgedMachine machine)
    {
        if (machine != _machine)
        {
            _machine = machine;
            LastApplied = Log.Installed!.Index;
            World.Counts.SnapshotsInstalled++;
            World.Judges.Installed(this, Log.Installed, machine.Registers);
        }
    }

    void INodeObserver.ElapseFailed(Exception failure) => World.Judges.Stopped(this, failure);

    void INodeObserver.SnapshotFailed(Exception failure) => World.Judges.Stopped(this, failure);

    void INodeObserver.Happened(NodeEvent nodeEvent)
    {
        if (!Reaches())
        {
            return;
        }

        if (nodeEvent is SnapshotInstalled)
        {
            NoticeMachine((JudgedMachine)Pump.State.Machine);
        }

        World.Counts.SnapshotsOffered += nodeEvent is SnapshotOffered ? 1 : 0;
        World.Judges.Happened(this, nodeEvent);
        if (nodeEvent is StateChanged { New: RaftState.Leader })
        {
            World.Elected(Host);
        }

        if (nodeEvent is not (HeartbeatSent or MessageRefused or VoteAnswered))
        {
            World.Trace.Say($"{Host} {Messages.Describe(nodeEvent)}");
        }
    }

    void INodeObserver.Arrived(RaftMessage message)
    {
    }

    ReadOnlyMemory<byte> INodeObserver.HeartbeatLeaves() => default;

    void INodeObserver.Applied(LogEntry entry, ReadOnlyMemory<byte> command)
    {
    }

    void INodeObserver.TurnEnded()
    {
        // The step between doing everything and setting the timer: it may be the last, too.
        if (Reaches())
        {
            World.Judges.TurnEnded(this);
            World.Counts.NodesQuiet += Node.IsQuiet && !_wasQuiet ? 1 : 0;
            _wasQuiet = Node.IsQuiet;
        }
    }

    void INodeObserver.Ended(NodeEnd end, RaftState before, Exception? failure)
    {
        if (!Reaches())
        {
            return;
        }

        World.Trace.Say($"{Host} ends: {end} {failure?.Message}");
        Host.Beats.NodeEnded();
        if (end == NodeEnd.Failed)
        {
            HasFailed = true;
            World.Judges.Stopped(this, failure);
            Host.RestartLater();
        }
        else
        {
            Host.Disk.QueueDeletion(Log, () => IsDeleted = true);
        }
    }

    private void WhenRunning(Action happens)
    {
        if (IsDead)
        {
            return;
        }

        if (Host.IsPaused)
        {
            _heldBack.Enqueue(happens);
        }
        else
        {
            happens();
        }
    }
}
