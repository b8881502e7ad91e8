using System.Diagnostics;
using LifeRaft.TestSilo;

namespace LifeRaft.Chaos;

/// <summary>
/// Clients of locks and candidates of an election: some within the silos, with which they die, stand still and are cut off, and some here,
/// which are severed from the group or die for it alone. For each process and each who dies an heir waits, whom nothing befalls.
/// </summary>
internal sealed class LockWorkload : IWorkload
{
    private const int Contenders = 3;
    private const int Candidates = 2;
    private const int Mortals = 2;

    // So many locks are acquired before the first fault.
    private const int AcquiredBefore = 5;

    private readonly CancellationTokenSource _stopping = new();
    private readonly ProcessCluster _cluster;
    private readonly LockRecord _record;
    private readonly LockProbe _probe;
    private readonly RaftLocks _heirs;
    private readonly Task _working;
    private readonly LockHabits _habits;
    private readonly int _seed;

    public LockWorkload(ProcessCluster cluster, LockRecord record, ChaosSettings settings)
    {
        (_cluster, _record, _seed) = (cluster, record, settings.Seed);
        var areDeaf = settings.Plant == PlantedFault.DeafHolders;
        _habits = new LockHabits { GetsLost = areDeaf ? 50 : 10, Dies = 5, IsDeaf = areDeaf };
        _probe = new LockProbe(cluster, record, handles: settings.Silos);
        _heirs = new RaftLocks(cluster.Group(LockNames.Group));
        _working = Task.WhenAll([.. Clients(), Observe()]);
    }

    public string Progress => "locks acquired";

    public async Task UnderWay(CancellationToken cancellationToken)
    {
        for (var count = 0; count < AcquiredBefore; count++)
        {
            await _record.Acquired(LockEvent.Now).WaitAsync(ChaosSettings.Patience, cancellationToken);
        }
    }

    public Task<TimeSpan?> Measure(long from, string what, TimeSpan patience) => _probe.Measure(Stopwatch.GetElapsedTime(0, from), what, patience);

    public void Surprise(string what) => _record.Surprise(what);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _working;
        await _probe.DisposeAsync();
        await _heirs.DisposeAsync();
        _stopping.Dispose();
    }

    private IEnumerable<Task> Clients()
    {
        for (var number = 1; number <= Contenders; number++)
        {
            yield return Run($"driver/contender-{number}", Holding.AnyLock, _habits, Severable);
        }

        for (var number = 1; number <= Candidates; number++)
        {
            var name = $"driver/candidate-{number}";
            yield return Run(name, Holding.Leadership(name), _habits with { Most = TimeSpan.FromSeconds(1) }, Severable);
        }

        var mortals = Enumerable.Range(1, Mortals).Select(number => $"driver/mortal-{number}").ToList();
        foreach (var mortal in mortals)
        {
            yield return Run(mortal, Holding.Of(LockNames.LifeOf(mortal), mortal), new LockHabits { Most = TimeSpan.FromSeconds(2), Dies = 100 }, Severable);
        }

        foreach (var process in _cluster.Silos.Concat(mortals))
        {
            yield return Run($"driver/heir-of-{process}", Holding.Of(LockNames.LifeOf(process), "heir"), new LockHabits { Most = TimeSpan.FromMilliseconds(100) }, () => new LockConnection(_heirs));
        }
    }

    private Task Run(string name, Holding.Acquisition acquire, LockHabits habits, Func<LockConnection> connect) =>
        new LockClient(name, acquire, habits, new Random(HashCode.Combine(_seed, name.GetHashCode(StringComparison.Ordinal))), _record.Add).Run(connect, _stopping.Token);

    private LockConnection Severable()
    {
        var group = _cluster.Group(LockNames.Group);
        group.Timeout = 2 * ChaosSettings.Timings.ElectionMax;
        var link = new SeverableCommands(group);
        return new LockConnection(new RaftLocks(link), link);
    }

    private async Task Observe()
    {
        var election = new LeaderElection(_heirs, LockNames.Election, LockNames.TimeToLive);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await foreach (var leader in election.Observe(_stopping.Token))
                {
                    Saw(leader);
                }
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                // It is over.
            }
            catch (Exception refusal) when (refusal is GroupUnavailableException or GroupNotFoundException or OverloadedException)
            {
                // All silos are down, or it has just begun and there is no leader of the group; that ends.
                await Task.Delay(ChaosSettings.Timings.Heartbeat);
            }
            catch (Exception failure)
            {
                _record.Surprise($"Observing the election ended: {failure.GetType().Name}: {failure.Message}");
                return;
            }
        }
    }

    private void Saw(ElectionLeader? leader)
    {
        if (leader is not null)
        {
            _record.Add(new LockEvent(LockEventKind.Led, LockNames.Election, "driver/observer", leader.Token.Value, default, LockEvent.Now, leader.Candidate));
        }
    }
}
