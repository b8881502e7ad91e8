namespace LifeRaft.Simulation.Tests;

/// <summary>The production node and pump in a bad world. More seeds: <c>dotnet run -c Release --project tests/LifeRaft.Simulation -- run --seeds 1..10000</c>.</summary>
public sealed class SimulationTests
{
    [Fact]
    public void S66_a_fixed_set_of_seeds_breaks_no_rule_and_shows_enough_of_everything()
    {
        const int First = 1, Last = 150;
        var broken = new List<string>();
        var campaign = SeedCampaign.Run(First, Last, PlantedBug.None, Environment.ProcessorCount, failed => broken.Add($"seed {failed.Plan.Seed}: {failed.Broken!.Rule}: {failed.Broken.Detail}"));
        TestContext.Current.TestOutputHelper?.WriteLine($"{campaign.HoursPerMinute:0.0} simulated hours per minute; {campaign.Counts}");
        Assert.Empty(broken);
        Assert.Empty(Minimums.Missed(campaign, Last - First + 1));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(226)]
    public void A_seed_gives_the_same_run_to_the_last_bit(int seed)
    {
        var once = SimulationRun.Of(new RunPlan(seed));
        var again = SimulationRun.Of(new RunPlan(seed));
        Assert.Equal(once.Hash, again.Hash);
        Assert.Equal(once.History, again.History);
        Assert.NotEqual(once.Hash, SimulationRun.Of(new RunPlan(seed + 1)).Hash);
    }
}
