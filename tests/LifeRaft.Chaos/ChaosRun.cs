using System.Diagnostics;
using LifeRaft.Simulation;
using LifeRaft.TestSilo;

namespace LifeRaft.Chaos;

/// <summary>Starts silos, lets clients work and faults happen, and judges what the clients were told.</summary>
internal static class ChaosRun
{
    // A node takes a few snapshots a minute, and one that was away for long is sent one.
    private const int SnapshotAfter = 500;

    /// <summary>Reports as it goes.</summary>
    public static async Task<ChaosResult> Run(ChaosSettings settings, Action<string> report, CancellationToken cancellationToken)
    {
        report($"seed {settings.Seed}, {settings.Silos} silos, {settings.Clients} clients; election timeout {Duration.Format(ChaosSettings.Timings.ElectionMin)} to {Duration.Format(ChaosSettings.Timings.ElectionMax)}");
        await using var cluster = await ProcessCluster.Start(new ProcessClusterSettings
        {
            Silos = settings.Silos,
            SmallDisks = settings.Silos - ((settings.Silos / 2) + 1),
            Log = settings.Plant == PlantedFault.EarlyStore ? SiloLog.Early : SiloLog.RocksDb,
            Timings = ChaosSettings.Timings,
            SnapshotAfter = SnapshotAfter,
            Keep = settings.Keep,
        });
        if (settings.Keep)
        {
            report($"The silos' logs stay in {cluster.DataDirectory}.");
        }

        var history = new ClientHistory();
        var clock = Stopwatch.StartNew();
        var recoveries = await Harm(settings, cluster, history, report, cancellationToken);
        var elapsed = clock.Elapsed;

        var violations = new List<string>();
        var final = new FinalState(cluster, history);
        try
        {
            violations.AddRange(await final.Findings());
        }
        catch (Exception failure) when (failure is TimeoutException or RaftException or OrleansException)
        {
            violations.Add($"Reading everything back: {failure.Message} {await cluster.Describe()}");
        }

        violations.AddRange(history.Surprises.Distinct());
        var events = history.Events;
        if (settings.History is { } file)
        {
            using var target = new StreamWriter(file);
            HistoryWriter.Write(target, events);
        }

        var verdict = Linearizability.Check(events);
        return new ChaosResult(elapsed, recoveries, events, verdict, final.Agreed, violations);
    }

    private static async Task<IReadOnlyList<Recovery>> Harm(
        ChaosSettings settings, ProcessCluster cluster, ClientHistory history, Action<string> report, CancellationToken cancellationToken)
    {
        var random = new Random(settings.Seed);
        var probe = new Probe(cluster, history, handles: settings.Silos);
        var rounds = new FaultRounds(new FaultDeck(cluster, settings.Kinds, random), probe, history, random, report);
        await using (new ChaosClients(cluster, history, settings.Clients, settings.Seed, settings.Plant == PlantedFault.StaleReads))
        {
            await rounds.Run(settings.For, settings.Kinds.Count, cancellationToken);
        }

        await probe.Ended();
        return rounds.Recoveries;
    }
}
