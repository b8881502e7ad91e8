using LifeRaft.Chaos;
using LifeRaft.Simulation;

namespace LifeRaft.Cluster.Tests;

/// <summary>Chaos on silo processes, as <c>dotnet run --project tests/LifeRaft.Chaos</c> does it for as long as asked, and that its judges can say no.</summary>
[Collection(ProcessTests.Collection)]
public sealed class ChaosTests
{
    [Fact(Timeout = 10 * 60 * 1000)]
    public async Task Five_silos_lose_no_acknowledged_write_give_no_lock_to_two_and_go_on_in_time_after_each_kind_of_fault()
    {
        // No shorter than one fault of each kind.
        var result = await Run(new ChaosSettings { For = TimeSpan.Zero }, TestContext.Current.CancellationToken);

        Assert.Equal(Enum.GetValues<FaultKind>(), result.Recoveries.Select(recovery => recovery.Fault.Kind).Order());
        Assert.True(result.Held, "See the output.");
        Assert.True(result.History.Count(one => one.Kind == EventKind.Ok) > 1000 && result.Locks!.History.Grants.Count > 200, "Clients did too little to show anything.");
        Assert.True(result.Locks.LateWritesRefused > 0 && result.Locks.Inheritances.Count > 10, "Too few holders were late, or died, to show anything.");
    }

    [Fact(Timeout = 5 * 60 * 1000)]
    public async Task A_store_that_acknowledges_before_it_writes_is_found_out_when_all_silos_are_killed()
    {
        var result = await Run(new ChaosSettings { Silos = 3, Workload = Workload.Kv, For = TimeSpan.Zero, Plant = PlantedFault.EarlyStore, Kinds = [FaultKind.KillAll] }, TestContext.Current.CancellationToken);

        Assert.Contains(result.Violations, violation => violation.Contains("and is lost", StringComparison.Ordinal) || violation.Contains("was given to two writes", StringComparison.Ordinal));
        Assert.False(result.Verdict.IsLinearizable);
        Assert.False(result.IsSafe);
    }

    [Fact(Timeout = 5 * 60 * 1000)]
    public async Task Clients_that_read_from_any_node_are_found_out_when_a_node_hears_nobody()
    {
        var result = await Run(new ChaosSettings { Silos = 3, Workload = Workload.Kv, For = TimeSpan.Zero, Plant = PlantedFault.StaleReads, Kinds = [FaultKind.StallBothWays, FaultKind.PauseLeader] }, TestContext.Current.CancellationToken);

        Assert.False(result.Verdict.IsLinearizable);
        Assert.NotEmpty(result.Verdict.Window);
        Assert.Empty(result.Violations);
    }

    [Fact(Timeout = 5 * 60 * 1000)]
    public async Task Clients_that_do_not_notice_that_they_lost_a_lock_are_found_out()
    {
        var result = await Run(new ChaosSettings { Silos = 3, Workload = Workload.Locks, For = TimeSpan.FromSeconds(5), Plant = PlantedFault.DeafHolders, Kinds = [FaultKind.CutOneWay] }, TestContext.Current.CancellationToken);

        Assert.NotEmpty(result.Locks!.Overlaps);
        Assert.Empty(result.Locks.SameTokens);
        Assert.False(result.IsSafe);
    }

    [Fact(Timeout = 10 * 60 * 1000)]
    public async Task Locks_that_end_by_the_clock_of_whoever_leads_are_found_out_when_leaders_change()
    {
        // Leadership has to pass between the right two clocks while a lock is held. A busy machine gets through few faults in a run.
        var settings = new ChaosSettings { Silos = 3, Workload = Workload.Locks, For = TimeSpan.FromSeconds(12), Plant = PlantedFault.WallClockLocks, Kinds = [FaultKind.PauseLeader] };
        var result = await Run(settings, TestContext.Current.CancellationToken);
        for (var attempt = 2; attempt <= 5 && result.Locks!.Overlaps.Count == 0; attempt++)
        {
            result = await Run(settings, TestContext.Current.CancellationToken);
        }

        Assert.NotEmpty(result.Locks!.Overlaps);
        Assert.False(result.IsSafe);
    }

    [Theory]
    [InlineData(false, 2000, false)]
    [InlineData(false, 2001, true)]
    [InlineData(true, 3000, false)]
    [InlineData(true, 3001, true)]
    [InlineData(true, null, true)]
    public void Progress_is_late_after_two_election_timeouts_and_a_second_more_where_processes_were_started(bool isKill, int? milliseconds, bool isLate)
    {
        Fault fault = isKill
            ? new KillFault(FaultKind.KillOne, null!, ["silo-1"], TimeSpan.Zero)
            : new PauseFault(FaultKind.PauseOne, null!, ["silo-1"], TimeSpan.Zero);
        TimeSpan? took = milliseconds is { } some ? TimeSpan.FromMilliseconds(some) : null;
        var span = new FaultSpan(TimeSpan.Zero, TimeSpan.FromSeconds(1), LeavesNoMajority: false);
        var recovery = new Recovery(1, fault, span, [new Progress("writes", Served: null, TimeSpan.Zero), new Progress("locks", Served: null, took)]);
        var result = new ChaosResult(TimeSpan.FromSeconds(5), [recovery], [], Linearizability.Check([]), "", []);

        Assert.Equal(isLate, recovery.IsLate);
        Assert.Equal(!isLate, result.Held);
        Assert.True(result.IsSafe);
    }

    private static async Task<ChaosResult> Run(ChaosSettings settings, CancellationToken cancellationToken)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("LIFERAFT_TEST_SEED"), out var given) ? given : Random.Shared.Next();
        var result = await ChaosRun.Run(settings with { Seed = seed }, Report, cancellationToken);
        result.Print(Report);
        return result;
    }

    private static void Report(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
