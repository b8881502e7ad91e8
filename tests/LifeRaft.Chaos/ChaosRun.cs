using System.Diagnostics;
using LifeRaft.Simulation;
using LifeRaft.TestSilo;

namespace LifeRaft.Chaos;

/// <summary>Starts silos, lets clients work and faults happen, and judges what the clients were told.</summary>
internal sealed class ChaosRun
{
    // A node takes a few snapshots a minute, and one that was away for long is sent one.
    private const int SnapshotAfter = 500;

    private readonly ChaosSettings _settings;
    private readonly Action<string> _report;
    private readonly ClientHistory _history = new();
    private readonly LockRecord _locks = new();

    private ChaosRun(ChaosSettings settings, Action<string> report) => (_settings, _report) = (settings, report);

    private bool UsesKeys => _settings.Workload.HasFlag(Workload.Kv);

    private bool UsesLocks => _settings.Workload.HasFlag(Workload.Locks);

    /// <summary>Reports as it goes.</summary>
    public static Task<ChaosResult> Run(ChaosSettings settings, Action<string> report, CancellationToken cancellationToken) =>
        new ChaosRun(settings, report).Run(cancellationToken);

    private async Task<ChaosResult> Run(CancellationToken cancellationToken)
    {
        _report($"seed {_settings.Seed}, {_settings.Silos} silos, {(UsesKeys ? _settings.Clients : 0)} clients with keys{(UsesLocks ? ", locks and an election" : "")}; election timeout {Duration.Format(ChaosSettings.Timings.ElectionMin)} to {Duration.Format(ChaosSettings.Timings.ElectionMax)}");
        await using var cluster = await ProcessCluster.Start(ClusterSettings());
        if (_settings.Keep)
        {
            _report($"The silos' logs stay in {cluster.DataDirectory}.");
        }

        var clock = Stopwatch.StartNew();
        var recoveries = await Harm(cluster, cancellationToken);
        var elapsed = clock.Elapsed;
        var end = LockEvent.Now;

        var violations = new List<string>();
        var agreed = new List<string>();
        if (UsesKeys)
        {
            var final = new FinalState(cluster, _history);
            violations.AddRange(await Judged(cluster, "Reading everything back", final.Findings));
            violations.AddRange(_history.Surprises.Distinct());
            agreed.Add($"keys: {final.Agreed}");
        }

        LockVerdict? locks = null;
        if (UsesLocks)
        {
            var final = new FinalLocks(cluster);
            violations.AddRange(await Judged(cluster, "Looking for locks that are left", final.Findings));
            locks = LockJudge.Judge(_locks.History([.. recoveries.Select(recovery => recovery.Span)], end));
            violations.AddRange(locks.Violations);
            agreed.Add($"locks: {final.Agreed}");
        }

        var events = _history.Events;
        if (_settings.History is { } file)
        {
            using var target = new StreamWriter(file);
            HistoryWriter.Write(target, events);
        }

        return new ChaosResult(elapsed, recoveries, events, Linearizability.Check(events), string.Join("; ", agreed), violations, locks);
    }

    private ProcessClusterSettings ClusterSettings() => new()
    {
        Silos = _settings.Silos,
        Groups = [.. UsesKeys ? [ProcessCluster.GroupName] : Array.Empty<string>(), .. UsesLocks ? [LockNames.Group] : Array.Empty<string>()],
        SmallDisks = _settings.Silos - ((_settings.Silos / 2) + 1),
        Log = _settings.Plant == PlantedFault.EarlyStore ? SiloLog.Early : SiloLog.RocksDb,
        Locks = !UsesLocks ? SiloLocks.Kept : _settings.Plant == PlantedFault.WallClockLocks ? SiloLocks.ByWallClock : SiloLocks.Used,
        Heard = _locks.Add,
        Killing = silo => _locks.Died(silo, LockEvent.Now),
        Timings = ChaosSettings.Timings,
        SnapshotAfter = SnapshotAfter,
        Keep = _settings.Keep,
    };

    private async Task<IReadOnlyList<Recovery>> Harm(ProcessCluster cluster, CancellationToken cancellationToken)
    {
        var random = new Random(_settings.Seed);
        await using IWorkload? keys = UsesKeys ? new KeyValueWorkload(cluster, _history, _settings) : null;
        await using IWorkload? locks = UsesLocks ? new LockWorkload(cluster, _locks, _settings) : null;
        var rounds = new FaultRounds(new FaultDeck(cluster, _settings.Kinds, random), [.. new[] { keys, locks }.OfType<IWorkload>()], random, _report);
        await rounds.Run(_settings.For, _settings.Kinds.Count, cancellationToken);
        await Task.WhenAll(cluster.Silos.Where(_ => UsesLocks).Select(silo => cluster.Order(silo, "release locks")));
        return rounds.Recoveries;
    }

    private static async Task<IReadOnlyList<string>> Judged(ProcessCluster cluster, string what, Func<Task<IReadOnlyList<string>>> findings)
    {
        try
        {
            return await findings();
        }
        catch (Exception failure) when (failure is TimeoutException or RaftException or OrleansException)
        {
            return [$"{what}: {failure.Message} {await cluster.Describe()}"];
        }
    }
}
