using System.Diagnostics;
using LifeRaft.Chaos;

namespace LifeRaft.Cluster.Tests;

/// <summary>Silos are processes here, and are killed with SIGKILL.</summary>
[Collection(ProcessTests.Collection)]
public sealed class KilledSiloTests
{
    private const int Writers = 8;

    [Fact(Timeout = 10 * 60 * 1000)]
    public async Task No_acknowledged_write_is_lost_when_silo_processes_are_killed_during_writes_and_restarted()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("LIFERAFT_TEST_SEED"), out var given) ? given : Random.Shared.Next();
        var watch = Stopwatch.StartNew();
        await using var cluster = await ProcessCluster.Start(new ProcessClusterSettings { KeepsTable = true });
        var ledger = new KillLedger();
        var rounds = new KillRounds(cluster, ledger, new Random(seed));
        Report($"LIFERAFT_TEST_SEED={seed}");
        await using (new KillWriters(cluster, ledger, Writers))
        {
            await rounds.Run(Report, TestContext.Current.CancellationToken);
        }

        var findings = await new KillJudge(cluster, ledger).Findings();
        Report($"{rounds.Kills} kills; {ledger}; {findings.Count} findings");
        Assert.True(findings.Count == 0, $"LIFERAFT_TEST_SEED={seed}, {findings.Count} findings:{Environment.NewLine}{string.Join(Environment.NewLine, findings.Take(20))}");
        Assert.True(rounds.Kills >= 20, $"{rounds.Kills} kills are fewer than 20.");
        Assert.All(rounds.Acknowledged, writes => Assert.True(writes >= KillRounds.WritesBetween, $"Only {writes} writes were acknowledged between two kills."));

        void Report(string line) => TestContext.Current.TestOutputHelper?.WriteLine($"{watch.Elapsed.TotalSeconds,6:0.0} s  {line}");
    }
}

/// <summary>Tests with processes of their own run one at a time, and not beside others.</summary>
[CollectionDefinition(Collection, DisableParallelization = true)]
public sealed class ProcessTests
{
    public const string Collection = "processes";
}
