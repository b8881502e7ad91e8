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

    private static readonly string _description = Path.Combine(AppContext.BaseDirectory, "planted-bugs.md");

    /// <summary>The headings of the description.</summary>
    public static TheoryData<string> Bugs => [.. File.ReadLines(_description)
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
            var found = Run(SeedOfTable(bug)) is { Broken: not null } again ? again : FirstBroken();
            Assert.True(found is not null, $"{bug} was not found by any judge in {MostSeeds} seeds.");
            TestContext.Current.TestOutputHelper?.WriteLine($"| {bug} | {found.Broken!.Rule} | {found.Plan.Seed} |");
        }
        finally
        {
            Switch.Bug = null;
        }
    }

    [Fact]
    public void Without_a_bug_the_woven_code_breaks_no_rule() => Assert.Null(Run(1).Broken);

    /// <summary>
    /// Where the bug was seen last. A change of the code changes what happens in a seed: a bug that is not seen there any more is looked for in
    /// all, which takes minutes with some.
    /// </summary>
    private static int SeedOfTable(string bug) =>
        int.Parse(File.ReadLines(_description).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Single(cells => cells.Length > 4 && cells[1] == bug)[3], CultureInfo.InvariantCulture);

    private static RunResult Run(int seed) => SimulationRun.Of(new RunPlan(seed) { Bug = PlantedBug.WithinTheCode });

    /// <summary>The lowest seed in which a rule is broken.</summary>
    private static RunResult? FirstBroken()
    {
        var broken = new SortedList<int, RunResult>();
        Parallel.For(1, MostSeeds + 1, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (seed, loop) =>
        {
            var result = Run(seed);
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
