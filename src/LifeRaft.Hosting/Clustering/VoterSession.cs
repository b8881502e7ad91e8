using LifeRaft.Protocol;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

/// <summary>
/// One claim of a voter's log and the pump that works on it, from opening to end: the host of a node that is no grain, for grains cannot be
/// activated before the table exists. Its turns run on the thread pool, one at a time.
/// </summary>
internal sealed partial class VoterSession : IPumpHost, INodeObserver
{
    // Touched by turns only.
    private readonly List<(Func<RaftNode, bool> Condition, TaskCompletionSource Reached)> _waiters = [];

    private readonly TaskScheduler _turns = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
    private readonly TaskCompletionSource<NodeEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly INodeLog _log;
    private readonly NodePump _pump;
    private readonly TimeProvider _time;
    private readonly ILogger<VoterSession> _logger;
    private ITimer? _timer;

    private VoterSession(string silo, INodeLog log, ReplicatedState state, IRaftLogStore store, IPeerTransport transport, TimeProvider time, ILogger<VoterSession> logger)
    {
        (_log, _time, _logger) = (log, time, logger);
        _pump = new NodePump(
            new NodePorts(silo, log, transport, state, this, this, store.IsDeleted, time)
            {
                CreateMachine = static () => new MembershipMachine(),
                Thresholds = new SnapshotThresholds(Entries: 2_000, Bytes: 4 * 1024 * 1024),
            },
            new RaftSettings
            {
                EntriesKeptBehindSnapshot = 500,
                GuardsLeaseAfterStart = false, // Nobody reads by lease here.
            },
            new Random());
    }

    /// <summary>Why the node does not serve, or null.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Completes when the node is over.</summary>
    public Task<NodeEnd> Ended => _ended.Task;

    /// <param name="silo">The silo's name, which is both address and endpoint of its node.</param>
    /// <param name="store">The silo's log store, open.</param>
    /// <param name="transport">The way to the other voters.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Is told what happens to the node.</param>
    /// <param name="cancellationToken">Gives up opening.</param>
    public static async Task<VoterSession> Open(
        string silo, IRaftLogStore store, IPeerTransport transport, TimeProvider time, ILogger<VoterSession> logger, CancellationToken cancellationToken)
    {
        var log = await store.Claim(NameOf(silo), cancellationToken);
        var state = new ReplicatedState(new MembershipMachine());
        if (log.Restored.Snapshot is { } snapshot)
        {
            await log.ReadSnapshot(snapshot, state.ReadSnapshot, cancellationToken);
        }

        var session = new VoterSession(silo, log, state, store, transport, time, logger);
        session._pump.Wake();
        return session;
    }

    /// <summary>What the node is called in the silo's log store: nothing that could be the name of a grain's node.</summary>
    public static string NameOf(string silo) => $"system/membership@{silo}";

    /// <summary>A message of the protocol has arrived.</summary>
    public void Deliver(string from, RaftMessage message) => _pump.Post(new MessageArrived(from, message));

    /// <summary>A change of the table.</summary>
    public Task<VoterReply> Command(ReadOnlyMemory<byte> command)
    {
        var caller = new VoterCaller();
        _pump.Post(new CommandArrived(command, caller, _time.GetUtcNow().ToUnixTimeMilliseconds()));
        return caller.Reply;
    }

    /// <summary>The table.</summary>
    public Task<VoterReply> Query()
    {
        var caller = new VoterCaller(isQuery: true);
        _pump.Post(new NodeRequest((node, now) => node.Read(caller, now, mayUseLease: false)));
        return caller.Reply;
    }

    /// <summary>A change of the group, or of its leadership.</summary>
    public Task<VoterReply> Change(Action<RaftNode, PumpCaller, TimeSpan> change)
    {
        var caller = new VoterCaller();
        _pump.Post(new NodeRequest((node, now) => change(node, caller, now)));
        return caller.Reply;
    }

    /// <summary>Asks within a turn.</summary>
    public Task<T> Ask<T>(Func<RaftNode, TimeSpan, T> ask)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pump.Post(new NodeRequest((node, now) => answer.TrySetResult(ask(node, now))));
        return answer.Task;
    }

    /// <summary>Completes after the first turn at whose end the condition holds; fails when the node is over.</summary>
    public async Task Until(Func<RaftNode, bool> condition)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _pump.Post(new NodeRequest((_, _) => _waiters.Add((condition, reached))));
        if (await Task.WhenAny(reached.Task, _ended.Task) == _ended.Task)
        {
            throw new NodeUnavailableException("The voter of the membership table on this silo has ended.");
        }
    }

    /// <summary>Deletes what the log holds, after the node has been removed from its group.</summary>
    public Task Forget(CancellationToken cancellationToken) => _log.Delete(null, cancellationToken);

    /// <summary>Stops as a crash would.</summary>
    public void Halt()
    {
        _pump.Halt();
        _timer?.Dispose();
    }

    void IPumpHost.Schedule(Action turn) => Task.Factory.StartNew(turn, CancellationToken.None, TaskCreationOptions.None, _turns);

    void IPumpHost.SetTimer(TimeSpan due)
    {
        _timer ??= _time.CreateTimer(static state => ((VoterSession)state!)._pump.Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    void INodeObserver.Happened(NodeEvent nodeEvent)
    {
        switch (nodeEvent)
        {
            case LeaderChanged { New.IsNone: false } leader:
                LogLeader(AddressOf(leader.New), _pump.Node.Term);
                break;
            case LeaderChanged leader:
                LogNoLeader(AddressOf(leader.Old));
                break;
            case MemberJoined joined:
                LogJoined(joined.Member.Address, joined.Member.Id);
                break;
            case MemberLeft left:
                LogLeft(left.Member.Address, left.Member.Id);
                break;
            case MessageRefused refused:
                LogRefused(refused.Reason);
                break;
            default:
                break; // Nothing that an operator has to know.
        }
    }

    void INodeObserver.Arrived(RaftMessage message)
    {
    }

    ReadOnlyMemory<byte> INodeObserver.HeartbeatLeaves() => default;

    void INodeObserver.Applied(LogEntry entry, ReadOnlyMemory<byte> command)
    {
    }

    void INodeObserver.ElapseFailed(Exception failure)
    {
    }

    void INodeObserver.SnapshotFailed(Exception failure) => LogNoSnapshot(failure.Message);

    void INodeObserver.TurnEnded()
    {
        for (var i = _waiters.Count - 1; i >= 0; i--)
        {
            if (_waiters[i].Condition(_pump.Node))
            {
                _waiters[i].Reached.TrySetResult();
                _waiters.RemoveAt(i);
            }
        }
    }

    void INodeObserver.Ended(NodeEnd end, RaftState before, Exception? failure)
    {
        Failure = failure;
        _timer?.Dispose();
        if (failure is not null)
        {
            LogFailed(failure);
        }

        _ended.TrySetResult(end);
    }

    private string AddressOf(MemberId member) => _pump.Node.Configuration.Find(member)?.Address ?? (member.IsNone ? "" : member.ToString());
}
