using System.Diagnostics;
using System.Globalization;

namespace LifeRaft.Simulation.Planted;

/// <summary>
/// The judges see bugs within the production code: each of those in planted-bugs.md, which are woven into the copy of the code that this
/// assembly is made of. Bugs around the production code: PlantedBugTests of LifeRaft.Simulation.Tests.
/// </summary>
public sealed class PlantedWithinTheCodeTests
{
    /// <summary>So many seeds take a minute or two on two cores; most bugs show within a few.</summary>
    private const int MostSeeds = 1500;

    /// <summary>The headings of the description.</summary>
    public static TheoryData<string> Bugs => [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "planted-bugs.md"))
        .Where(line => line.StartsWith("## ", StringComparison.Ordinal))
        .Select(line => line[3..])
        .Where(bug => bug != "None")];

    [Theory]
    [MemberData(nameof(Bugs))]
    public void A_bug_planted_within_the_code_is_found_by_a_judge(string bug)
    {
        Switch.Bug = bug;
        try
        {
            var clock = Stopwatch.StartNew();
            var found = FirstBroken();
            Assert.True(found is not null, $"{bug} was not found by any judge in {MostSeeds} seeds.");
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {bug} | {found.Broken!.Rule} | {found.Plan.Seed} | {clock.Elapsed.TotalSeconds:0.0} |"));
        }
        finally
        {
            Switch.Bug = null;
        }
    }

    [Fact]
    public void Without_a_bug_the_woven_code_breaks_no_rule() => Assert.Null(SimulationRun.Of(new RunPlan(1) { Bug = PlantedBug.WithinTheCode }).Broken);

    /// <summary>The lowest seed in which a rule is broken.</summary>
    private static RunResult? FirstBroken()
    {
        var broken = new SortedList<int, RunResult>();
        Parallel.For(1, MostSeeds + 1, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (seed, loop) =>
        {
            var result = SimulationRun.Of(new RunPlan(seed) { Bug = PlantedBug.WithinTheCode });
            if (result.Broken is not null)
            {
                lock (broken)
                {
                    broken.Add(seed, result);
                }

                loop.Break(); // Lower ones are run still.
            }
        });
        return broken.Count > 0 ? broken.Values[0] : null;
    }
}
