using System.Diagnostics;

namespace LifeRaft.Simulation.Tests;

/// <summary>The production node and pump in a bad world. More seeds: <c>dotnet run -c Release --project tests/LifeRaft.Simulation -- run --seeds 1..10000</c>.</summary>
public sealed class SimulationTests
{
    [Fact]
    public void A_fixed_set_of_seeds_breaks_no_rule_and_shows_enough_of_everything()
    {
        const int First = 1, Last = 300;
        var broken = new List<string>();
        var campaign = SeedCampaign.Run(First, Last, PlantedBug.None, Environment.ProcessorCount, failed => broken.Add($"seed {failed.Seed}: {failed.Broken!.Rule}: {failed.Broken.Detail}"));
        TestContext.Current.TestOutputHelper?.WriteLine($"{campaign.HoursPerMinute:0.0} simulated hours per minute; {campaign.Counts}");
        Assert.Empty(broken);
        Assert.Empty(Minimums.Missed(campaign.Counts, Last - First + 1));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(226)]
    public void A_seed_gives_the_same_run_to_the_last_bit(int seed)
    {
        var once = SimulationRun.Of(seed);
        var again = SimulationRun.Of(seed);
        Assert.Equal(once.Hash, again.Hash);
        Assert.Equal(once.History, again.History);
        Assert.NotEqual(once.Hash, SimulationRun.Of(seed + 1).Hash);
    }

    [Theory]
    [InlineData(nameof(PlantedBug.AnswerBeforeSync), "durability")]
    [InlineData(nameof(PlantedBug.AppliedTwiceAfterRestart), "applied once")]
    [InlineData(nameof(PlantedBug.ReadWithoutRound), "linearizability")]
    [InlineData(nameof(PlantedBug.LostDiskUnderOldMembership), "one vote per term")]
    public void A_planted_bug_is_found_by_a_judge(string planted, string rule)
    {
        const int Most = 500;
        var bug = Enum.Parse<PlantedBug>(planted);
        var watch = Stopwatch.StartNew();
        for (var seed = 1; seed <= Most; seed++)
        {
            if (SimulationRun.Of(seed, bug).Broken is { } broken && broken.Rule == rule)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"{planted}: found by '{rule}' with seed {seed}, {watch.ElapsedMilliseconds} ms");
                return;
            }
        }

        Assert.Fail($"{planted} was not found by '{rule}' in {Most} seeds.");
    }
}
