using LifeRaft.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.GrainDirectory;
using Orleans.Placement;
using Orleans.Serialization;

namespace LifeRaft.Hosting;

/// <summary>
/// One Raft node. It decides nothing: its methods put requests into the pump's inbox or look at the node between two turns. Derive from
/// it to override events (<c>On…</c>) or to add a grain interface of your own, and register the class with the state machine.
/// </summary>
[GrainType("liferaft-node")]
[Reentrant]
[KeepAlive]
[Immovable]
[SiloNamePlacement]
[GrainDirectory(NoDirectory.Name)]
public partial class RaftNodeGrain : Grain, IRaftNode, IRaftRequests, IRaftPeer, IPumpHost
{
    private readonly Watchers _watchers = new();
    private SiloRaft _silo = null!;
    private NodeKey _key;
    private NodeSession? _session;
    private Task? _reopening;
    private RaftException? _failure;
    private TaskScheduler _turns = null!;
    private TimeSpan _latency;

    /// <summary>The node's key.</summary>
    protected NodeKey Key => _key;

    private string Endpoint => this.GetGrainId().ToString();

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _turns = TaskScheduler.Current;
        _silo = ServiceProvider.GetRequiredService<SiloRaft>();
        _overrides = EventOverrides.Of(GetType());
        try
        {
            _key = NodeKey.Parse(this.GetPrimaryKeyString());
            await OpenSession(cancellationToken);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException and not OperationCanceledException)
        {
            // A failing activation would keep its callers waiting for seconds: it stands, and says to each of them what is wrong.
            _failure = failure as RaftException ?? new NodeUnavailableException($"{_key} cannot be opened: {failure.Message}");
        }

        await base.OnActivateAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        CloseSession();
        await base.OnDeactivateAsync(reason, cancellationToken);
        _silo.NodeDeactivated(_key, reason);
    }

    void IPumpHost.Schedule(Action turn) => Task.Factory.StartNew(turn, CancellationToken.None, TaskCreationOptions.None, _turns);

    void IPumpHost.SetTimer(TimeSpan due)
    {
        if (_session is { } session)
        {
            _silo.Timers.Wake(session.Pump, due);
        }
    }

    private async Task OpenSession(CancellationToken cancellationToken)
    {
        var ports = new SessionPorts(
            Endpoint, _silo.Transport, this, _silo.Settings, _silo.Options.Thresholds(), () => _silo.Machines.Create(_key.Group), _silo.Time, _silo.Store.IsDeleted, Raise, Heartbeat,
            ServiceProvider.GetRequiredService<Serializer>(), () => _watchers.Any || _overrides.Packets, () => _watchers.Any || _overrides.Commits, _silo.RunningSilos.Doubt, _silo.Journal, _silo.Telemetry.Of(_key), _silo.Links, _silo.NewLoad());
        _session = await NodeSession.Open(_key, _silo.Store, ports, cancellationToken);
        if (await Initialized())
        {
            _silo.Sessions.Add(_session);
            if (_silo.IsDrained)
            {
                _session.Node.LeaderPriority = SiloRaft.LeadsNothing;
            }

            if (_silo.Inbox.Find(Endpoint) is { IsOver: false } older)
            {
                _silo.Links.Gone(older); // Its activation has yet to notice that it was superseded.
            }

            _silo.Inbox.Add(Endpoint, _session.Pump);
            _session.Pump.Wake();
        }
    }

    private void CloseSession()
    {
        if (_session is { } session)
        {
            session.Halt();
            session.Pump.Load.Close();
            _silo.Inbox.Remove(Endpoint, session.Pump);
            _silo.Sessions.Remove(session);
        }
    }

    /// <summary>The session, for requests; an error that says why there is none.</summary>
    private NodeSession Session => _failure is null ? _session! : throw _failure;

    /// <summary>A blank node, opened anew when the last membership has ended: once, however many ask for it.</summary>
    private async Task<NodeSession> Blank()
    {
        if (Session.Pump.IsOver)
        {
            var reopening = _reopening ??= Reopen();
            try
            {
                await reopening;
            }
            finally
            {
                // Here and not where it ends: it may end before it is known to have begun.
                _reopening = _reopening == reopening ? null : _reopening;
            }
        }

        return Session;
    }

    private async Task Reopen()
    {
        var ended = await Session.Ended;
        if (ended == NodeEnd.Failed)
        {
            throw new NodeUnavailableException($"{_key} has stopped: {Session.Failure?.Message}. See the silo's log, mend the cause and restart the silo.");
        }

        CloseSession();
        await OpenSession(CancellationToken.None);
    }

    async Task IRaftPeer.Found(GroupId group, MemberId member, GroupTimings? timings)
    {
        var session = await Blank();
        var founder = new Member(member, _key.Address.ToString(), Endpoint);
        if (!await session.Ask((node, now) => node.TryFound(group, founder, timings ?? _silo.Options.Timings(), now)))
        {
            throw new GroupConflictException($"{_key} belongs to group {session.Node.Identity.Group} already, so it cannot found another.");
        }

        await session.Until(node => node.State == RaftState.Leader && node.AppliedIndex > LogIndex.First);
    }

    async Task<MemberId> IRaftPeer.Admit(GroupId group, MemberId removed)
    {
        var session = await Blank();
        var identity = new NodeIdentity(group, new MemberId(Guid.NewGuid()));
        var given = await session.Ask((node, now) =>
            (node.Identity.Group == group && node.Identity.Member != removed) || node.TryAdmit(identity, now) ? node.Identity : NodeIdentity.Blank);
        if (given.IsBlank)
        {
            throw new GroupConflictException($"{_key} is member {session.Node.Identity.Member} of group {session.Node.Identity.Group} and cannot become another one of {group}. End it first.");
        }

        await session.Until(node => node.IsIdentityDurable);
        return given.Member;
    }

    Task IRaftPeer.AwaitVoters(IReadOnlyList<MemberId> voters) =>
        Session.Until(node => !node.Configuration.IsJoint && voters.All(id => node.Configuration.IsVoter(id)));

    Task IRaftPeer.AwaitEnd() => Session.Ended;

    ValueTask IRaftPeer.Deliver(PeerFrame frame)
    {
        if (_failure is null)
        {
            _session!.Pump.Post(new MessageArrived(frame.From, frame.Open()));
        }

        return ValueTask.CompletedTask;
    }

    ValueTask<NodeStatus> IRaftRequests.Look() => ValueTask.FromResult(Session.Status(_latency));

    ValueTask<Reply> IRaftRequests.Command(ReadOnlyMemory<byte> command)
    {
        if (RefusalOf(command) is { } refusal)
        {
            return ValueTask.FromResult(refusal);
        }

        var caller = new RequestCaller { Activity = RaftActivities.StartProposal(_key.Group, _key.Address.ToString()) };
        return Post(caller, new CommandArrived(command, caller, _silo.Time.GetUtcNow().ToUnixTimeMilliseconds()), command.Length);
    }

    ValueTask<Reply> IRaftRequests.Query(ReadOnlyMemory<byte> query, ReadConsistency consistency)
    {
        Session.Telemetry.Meter.Read(consistency);
        var caller = new QueryCaller(query);
        return Post(caller, new NodeRequest((node, now) => node.Read(caller, now, mayUseLease: consistency == ReadConsistency.Lease)), query.Length);
    }

    async ValueTask<Reply> IRaftRequests.Await(ReadOnlyMemory<byte> query, TimeSpan hold)
    {
        var pump = Session.Pump;
        Session.Telemetry.Meter.Read("waiting");
        var caller = new WaitingCaller(query);
        if ((Refusal(query.Length) ?? Overloaded(caller, pump.Load.Waiting, query.Length)) is { } refusal)
        {
            return refusal;
        }

        pump.Await(caller);
        try
        {
            return await caller.Reply.WaitAsync(hold, _silo.Time);
        }
        catch (TimeoutException)
        {
            pump.Withdraw(caller);
            return new Reply { Outcome = Outcome.Done, IsNotYet = true };
        }
    }

    ValueTask<Reply> IRaftRequests.AddMember(MemberId id, string address, GrainId grain, bool isVoter, int mostVoters) =>
        Post((node, caller, now) => node.AddMember(new Member(id, address, grain.ToString()), isVoter, caller, now, mostVoters));

    ValueTask<Reply> IRaftRequests.ReplaceMember(MemberId replaced, MemberId id, string address, GrainId grain, int mostVoters) =>
        Post((node, caller, now) => node.ReplaceMember(replaced, new Member(id, address, grain.ToString()), caller, now, mostVoters));

    ValueTask<Reply> IRaftRequests.RemoveMember(MemberId id) => Post((node, caller, now) => node.RemoveMember(id, caller, now));

    ValueTask<Reply> IRaftRequests.TransferLeadership(MemberId target) => Post((node, caller, now) => node.TransferLeadership(target, caller, now));

    ValueTask<Reply> IRaftRequests.Dissolve(GroupId group)
    {
        var here = Session.Node.Identity.Group;
        return here == group
            ? Post((node, caller, now) => node.Dissolve(caller, 0, now))
            : throw new GroupConflictException($"{_key} belongs to group {here}, not to {group}; nothing was deleted.");
    }
}
