using LifeRaft.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace LifeRaft.Hosting;

/// <summary>
/// What a silo has to do with the group that keeps Orleans' membership table: a voter if its name is among them, and connections to the
/// voters. It begins when the log store is open, before Orleans asks for the table, and ends after Orleans has written there that the silo
/// is dead.
/// </summary>
internal sealed partial class SystemGroup : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    /// <summary>Orleans writes the last row at <see cref="ServiceLifecycleStage.RuntimeInitialize"/> + 1, on the way down.</summary>
    private const int EndStage = ServiceLifecycleStage.RuntimeInitialize - 10;

    private const int BeginStage = ServiceLifecycleStage.RuntimeStorageServices + 1;

    private static readonly TimeSpan _handOverPatience = TimeSpan.FromSeconds(2);

    /// <summary>How long Orleans may try to write each of its two last rows: when the table can be had as the silo stops, and when not.</summary>
    private static readonly TimeSpan _lastRow = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan _lastRowWithoutTable = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _probe = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _patienceWithOthers = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    private readonly LifeRaftClusteringOptions _options;
    private readonly string _silo;
    private readonly string _cluster;
    private readonly IServiceProvider _services;
    private readonly TimeProvider _time;
    private readonly ILogger<SystemGroup> _logger;
    private readonly Dictionary<string, VoterConnection> _connections;
    private readonly CancellationTokenSource _ending = new();
    private readonly Voter? _voter;
    private VoterListener? _listener;
    private Task _keeping = Task.CompletedTask;

    public SystemGroup(
        IOptions<LifeRaftClusteringOptions> options, IOptions<SiloOptions> silo, IOptions<ClusterOptions> cluster, TimeProvider time, IServiceProvider services, ILogger<SystemGroup> logger)
    {
        (_options, _silo, _cluster, _services, _time, _logger) = (options.Value, silo.Value.SiloName, cluster.Value.ClusterId, services, time, logger);
        var dialler = new VoterDialler(_cluster, _silo, _options, time);
        var connectionLogger = services.GetRequiredService<ILogger<VoterConnection>>();
        _connections = _options.Voters.Where(voter => voter.Key != _silo)
            .ToDictionary(voter => voter.Key, voter => new VoterConnection(dialler, voter.Key, VoterEndPoint.Parse(voter.Value), connectionLogger), StringComparer.Ordinal);
        if (_options.Voters.ContainsKey(_silo))
        {
            _voter = new Voter(_silo, _options, StoreOf(services), _connections, time, services.GetRequiredService<ILogger<VoterSession>>());
        }

        IEnumerable<IVoterLink> links = _connections.Values;
        Table = new MembershipTableClient(new VoterRoute([.. _voter is null ? links : links.Prepend(_voter)], time));
    }

    /// <summary>The way to the table.</summary>
    public MembershipTableClient Table { get; }

    /// <summary>The voter of this silo; null where there is none.</summary>
    public Voter? Voter => _voter;

    /// <summary>All voters of the configuration, in order.</summary>
    public IReadOnlyList<string> Voters => [.. _options.Voters.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Cancelled when the silo has given up starting, or has ended.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>Whether the silo is being stopped.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Whether the voter of this silo takes part now: it leads, or follows a leader.</summary>
    /// <param name="patience">A voter that does not say so within this time does not.</param>
    public async Task<bool> Votes(TimeSpan patience)
    {
        try
        {
            return _voter is not null && !IsStopping && (await _voter.Look().WaitAsync(patience, _time)).Leader.Length > 0;
        }
        catch (Exception failure) when (failure is NodeUnavailableException or TimeoutException)
        {
            return false;
        }
    }

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe<SystemGroup>(EndStage, static _ => Task.CompletedTask, End);
        lifecycle.Subscribe<SystemGroup>(BeginStage, Begin);
        lifecycle.Subscribe<SystemGroup>(ServiceLifecycleStage.Active + 1, static _ => Task.CompletedTask, BeginToStop);
    }

    public void Dispose()
    {
        _voter?.Dispose();
        _ending.Dispose();
    }

    private async Task Begin(CancellationToken cancellationToken)
    {
        if (_voter is { } voter)
        {
            await voter.Open(cancellationToken);
            _listener = new VoterListener(_cluster, voter, _options, _time, _services.GetRequiredService<ILogger<VoterListener>>());
            await _listener.Start(cancellationToken);
        }

        foreach (var connection in _connections.Values)
        {
            connection.Start();
        }

        if (_voter is not null)
        {
            var timings = new GroupTimings(_options.Heartbeat, _options.ElectionMin, _options.ElectionMax, GroupTimings.Default.Threshold);
            _keeping = Task.Run(() => new VoterKeeper(_voter, timings, _time, _services.GetRequiredService<ILogger<VoterKeeper>>()).Run(_ending.Token), CancellationToken.None);
        }
        else
        {
            LogNoVoter(_silo, string.Join(", ", _options.Voters.Keys.Order(StringComparer.Ordinal)));
        }
    }

    /// <summary>
    /// Orleans tries for a minute to write that the silo stops, and for another that it is dead. The last silo that stops would wait two
    /// minutes for voters that are gone, and be killed meanwhile.
    /// </summary>
    private async Task BeginToStop(CancellationToken cancellationToken)
    {
        IsStopping = true;
        var membership = _services.GetRequiredService<IOptions<ClusterMembershipOptions>>().Value;
        try
        {
            await Table.Read(_probe, CancellationToken.None);
            membership.MaxJoinAttemptTime = _lastRow;
        }
        catch (GroupUnavailableException missing)
        {
            membership.MaxJoinAttemptTime = _lastRowWithoutTable;
            LogStopsWithoutTable(missing.Message);
        }
    }

    /// <summary>Voters that stop at the same time have yet to write that they are dead, and need this one for it.</summary>
    private async Task AwaitOthersThatStop()
    {
        var began = _time.GetTimestamp();
        while (_time.GetElapsedTime(began) < _patienceWithOthers)
        {
            try
            {
                var table = await Table.Read(_probe, CancellationToken.None);
                if (!table.Rows.Values.Any(row => row.Status is SiloStatus.ShuttingDown or SiloStatus.Stopping && row.SiloName is { } name && _connections.ContainsKey(name)))
                {
                    return;
                }
            }
            catch (GroupUnavailableException)
            {
                return; // They cannot write it with this one either.
            }

            await Task.Delay(_pause, _time, CancellationToken.None);
        }
    }

    private async Task End(CancellationToken cancellationToken)
    {
        if (_voter is not null && IsStopping && _connections.Count > 0)
        {
            await AwaitOthersThatStop();
        }

        await HandOver();
        await _ending.CancelAsync();
        await _keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // It may have waited for somebody when that was cancelled.
        if (_listener is not null)
        {
            await _listener.DisposeAsync();
        }

        await Task.WhenAll(_connections.Values.Select(connection => connection.DisposeAsync().AsTask()));
        _voter?.Halt();
    }

    /// <summary>The others need no election when this silo goes.</summary>
    private async Task HandOver()
    {
        if (_voter is not { } voter || _listener is null || voter.Session.Ended.IsCompleted)
        {
            return;
        }

        try
        {
            await voter.Session.Change(static (node, caller, now) => node.TransferLeadership(MemberId.None, caller, now)).WaitAsync(_handOverPatience, _time);
        }
        catch (TimeoutException)
        {
            // They elect a new leader when this one is gone.
        }
    }

    private static IRaftLogStore StoreOf(IServiceProvider services) => services.GetService<IRaftLogStore>() ?? throw new InvalidRequestException(
        "A voter of the membership table needs a log store, and LifeRaft is not on this silo. Add it: silo.AddLifeRaft(raft => raft.UseRocksDbLog(directory)).");
}
