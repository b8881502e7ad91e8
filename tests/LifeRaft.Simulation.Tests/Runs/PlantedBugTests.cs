using System.Diagnostics;

namespace LifeRaft.Simulation.Tests;

/// <summary>
/// The judges see what they are there to see: bugs that can be planted around the production code, each with the judge that has to
/// find it and the seeds within which it has to: the first ones, or, for a bug that none of the first thousand shows, some from later on, so
/// that CI has the time. Which seeds show a bug changes with everything that is simulated. Bugs within the production code: LifeRaft.Simulation.Planted.
/// </summary>
public sealed class PlantedBugTests
{
    [Theory]
    [InlineData(nameof(PlantedBug.VoteForgottenAtRestart), "one vote per term", 341, 50)]
    [InlineData(nameof(PlantedBug.AnswerBeforeSync), "durability", 1, 20)]
    [InlineData(nameof(PlantedBug.AppliedTwiceAfterRestart), "applied once", 1, 20)]
    [InlineData(nameof(PlantedBug.ReadWithoutRound), "linearizability", 1, 40)]
    [InlineData(nameof(PlantedBug.OldMembershipCounts), "acknowledgements are true", 1, 500)]
    [InlineData(nameof(PlantedBug.LostDiskUnderOldMembership), "leader completeness", 1, 1000)]
    public void A_planted_bug_is_found_by_its_judge(string planted, string rule, int first, int seeds)
    {
        var bug = Enum.Parse<PlantedBug>(planted);
        var watch = Stopwatch.StartNew();
        for (var seed = first; seed < first + seeds; seed++)
        {
            if (SimulationRun.Of(new RunPlan(seed) { Bug = bug }).Broken is { } broken && broken.Rule == rule)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"| {planted} | {rule} | seed {seed} | {watch.Elapsed.TotalSeconds:0.0} s |");
                return;
            }
        }

        Assert.Fail($"{planted} was not found by the judge of '{rule}' in {seeds} seeds from {first} on.");
    }
}
