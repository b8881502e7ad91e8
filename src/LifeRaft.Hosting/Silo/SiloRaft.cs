using System.Text.RegularExpressions;
using LifeRaft.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LifeRaft.Hosting;

/// <summary>
/// LifeRaft on one silo: the log store is opened before grains can be activated and closed after they are gone; in between, the keeper
/// activates the nodes that the store holds, and again should Orleans deactivate one.
/// </summary>
internal sealed partial class SiloRaft(
    IRaftLogStore store,
    IPeerTransport transport,
    PeerInbox inbox,
    NodeTimers timers,
    SiloLinks links,
    NodeSessions sessions,
    SiloJournal journal,
    MachineRegistry machines,
    RunningSilos runningSilos,
    IGrainFactory grains,
    ILocalSiloDetails silo,
    IOptions<RaftOptions> options,
    TimeProvider time,
    SiloTelemetry telemetry,
    ILogger<SiloRaft> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>Nodes share the store's writes, and each may load a snapshot: many at once, and not all.</summary>
    private const int OpenedAtOnce = 32;

    /// <summary>Each takes a few messages to every member: thousands at once would come too late.</summary>
    private const int HandedOverAtOnce = 64;

    private readonly SiloLoad _requests = new(options.Value.MaximumPendingBytesPerSilo);
    private readonly SiloLoad _waiting = new(options.Value.MaximumPendingBytesPerSilo);
    private volatile bool _isKeeping;
    private volatile SiloPhase _phase = SiloPhase.Starting;

    public IRaftLogStore Store => store;

    /// <summary>How long recent writes of the log store took; null for a store that has its own writer.</summary>
    public RecentDurations? SyncDurations => (store as GroupCommitLogStore)?.SyncDurations;

    public IPeerTransport Transport => transport;

    public PeerInbox Inbox => inbox;

    public NodeTimers Timers => timers;

    /// <summary>On what its quiet nodes rely.</summary>
    public SiloLinks Links => links;

    public NodeSessions Sessions => sessions;

    public SiloJournal Journal => journal;

    public MachineRegistry Machines => machines;

    public RunningSilos RunningSilos => runningSilos;

    public SiloTelemetry Telemetry => telemetry;

    public RaftOptions Options => options.Value;

    /// <summary>The bounds of each node of this silo.</summary>
    public RaftSettings Settings => options.Value.Settings() with { GoesQuiet = options.Value.QuietGroups && transport.SharesOrleansConnections };

    public TimeProvider Time => time;

    public string Name => silo.Name;

    /// <summary>How far the silo is.</summary>
    public SiloPhase Phase => _phase;

    /// <summary>For one more node: what it holds for its callers.</summary>
    public NodeLoad NewLoad()
    {
        return new(Of(_requests), Of(_waiting));

        RequestLoad Of(SiloLoad silo) => new(silo, Options.MaximumPendingPerNode, Options.MaximumPendingBytesPerNode);
    }

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe<SiloRaft>(ServiceLifecycleStage.RuntimeStorageServices, Open);

        // Closed last of all: a voter of the membership table works until Orleans has written there that this silo is dead, which it does
        // at RuntimeInitialize + 1 on the way down.
        lifecycle.Subscribe<SiloRaft>(ServiceLifecycleStage.RuntimeInitialize - 20, static _ => Task.CompletedTask, Close);
        lifecycle.Subscribe<SiloRaft>(ServiceLifecycleStage.Active, StartKeeping, StopKeeping);

        // Stages stop in reverse: leadership is handed over while this silo still counts as active, for the others send nothing to one
        // that does not.
        lifecycle.Subscribe<SiloRaft>(ServiceLifecycleStage.Active + 1, static _ => Task.CompletedTask, HandOver);

        // What asks whether this silo is ready hears of its end before anything else changes.
        lifecycle.Subscribe<SiloRaft>(ServiceLifecycleStage.Active + 2, _ => Enter(SiloPhase.Active), _ => Enter(SiloPhase.Stopping));
    }

    /// <summary>
    /// Stops as if the process had been killed: no node says, writes or answers anything from now on. For drills and tests, which then
    /// stop the host.
    /// </summary>
    public async Task Halt()
    {
        _isKeeping = false;
        links.Stop();
        inbox.HaltAll();
        await store.DisposeAsync();
    }

    /// <summary>A node was deactivated. While the silo runs nobody but LifeRaft itself has reason to, so it comes back.</summary>
    public void NodeDeactivated(NodeKey node, DeactivationReason reason)
    {
        if (_isKeeping && store.ListNodes(node.ToString()).Contains(node.ToString()))
        {
            LogReactivating(node, reason.ReasonCode);
            _ = Keep(node);
        }
    }

    public void LogError(NodeKey node, string error) => LogNodeError(node, error);

    private async Task Open(CancellationToken cancellationToken)
    {
        RequireSiloName();
        telemetry.Opened(store);
        await store.Open(cancellationToken);
        _phase = SiloPhase.Opened;
        LogOpened(silo.Name, store.Description, store.StartCount, store.ListNodes().Count(name => !FoundingNotes.IsNote(name)));
    }

    /// <summary>A node is found by its silo's name, so the name must outlive the process.</summary>
    private void RequireSiloName()
    {
        NameRules.Require(silo.Name, "SiloName", silo.Name);
        if (DrawnName().IsMatch(silo.Name))
        {
            throw new InvalidNameException($"The silo is named '{silo.Name}', which Orleans draws anew at each start; nodes are pinned to the name. Set it: silo.Configure<SiloOptions>(options => options.SiloName = \"silo-a\").");
        }
    }

    [GeneratedRegex("^Silo_[0-9A-Fa-f]{5}$")]
    private static partial Regex DrawnName();

    private async Task Close(CancellationToken cancellationToken) => await store.DisposeAsync();

    private async Task StartKeeping(CancellationToken cancellationToken)
    {
        _isKeeping = true;
        await Parallel.ForEachAsync(store.ListNodes(), new ParallelOptions { MaxDegreeOfParallelism = OpenedAtOnce, CancellationToken = cancellationToken }, async (name, _) =>
        {
            if (NodeKey.TryParse(name, out var node))
            {
                await Keep(node);
            }
        });
    }

    /// <summary>Hands over the leadership of every node of this silo, so that the groups need no election when it goes.</summary>
    private async Task HandOver(CancellationToken cancellationToken)
    {
        var leaders = inbox.Pumps.Where(pump => !pump.IsOver && pump.Node.State == RaftState.Leader).ToList();
        if (leaders.Count == 0)
        {
            return;
        }

        var moves = HandOver(leaders);
        try
        {
            var outcomes = await Task.WhenAll(moves).WaitAsync(options.Value.HandOverTimeout, time, cancellationToken);
            LogHandedOver(outcomes.Count(outcome => outcome == Outcome.Done), outcomes.Length);

            // Handles still ask here. As long as the silo answers, each is sent to the new leader by its next request; a request that
            // meets a silo that has gone would be of unknown outcome.
            await Task.Delay(2 * leaders.Max(pump => pump.Node.Configuration.Timings.Heartbeat), time, cancellationToken);
        }
        catch (Exception failure) when (failure is TimeoutException or OperationCanceledException)
        {
            // They elect a new leader when this one is gone.
            LogHandedOver(moves.Count(move => move is { IsCompletedSuccessfully: true, Result: Outcome.Done }), moves.Count);
        }
    }

    private static List<Task<Outcome>> HandOver(IEnumerable<NodePump> leaders)
    {
        var places = new SemaphoreSlim(HandedOverAtOnce);
        return [.. leaders.Select(leader => HandOver(leader, places))];
    }

    private static async Task<Outcome> HandOver(NodePump pump, SemaphoreSlim places)
    {
        await places.WaitAsync();
        try
        {
            var caller = new RequestCaller();
            pump.Post(new NodeRequest((node, now) => node.TransferLeadership(MemberId.None, caller, now)));
            return (await caller.Reply).Outcome;
        }
        finally
        {
            places.Release();
        }
    }

    private Task Enter(SiloPhase phase)
    {
        _phase = phase;
        journal.Add(phase == SiloPhase.Active ? JournalKind.SiloStarted : JournalKind.SiloStopping, phase == SiloPhase.Active ? "The silo is active." : "The silo is being stopped.");
        return Task.CompletedTask;
    }

    private Task StopKeeping(CancellationToken cancellationToken)
    {
        _isKeeping = false;
        return Task.CompletedTask;
    }

    private async Task Keep(NodeKey node)
    {
        try
        {
            await grains.GetGrain<IRaftRequests>(machines.GrainOf(node)).Look();
        }
        catch (Exception failure) when (failure is RaftException or OrleansException or TimeoutException)
        {
            LogNotKept(node, failure.Message);
        }
    }
}
