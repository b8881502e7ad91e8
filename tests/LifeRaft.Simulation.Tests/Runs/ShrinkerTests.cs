namespace LifeRaft.Simulation.Tests;

/// <summary>A failure is made smaller, and what is printed replays it.</summary>
public sealed class ShrinkerTests
{
    [Fact]
    public void A_failure_is_shrunk_to_fewer_faults_and_less_time_and_still_breaks_the_same_rule()
    {
        var failed = Enumerable.Range(1, 100)
            .Select(seed => SimulationRun.Of(new RunPlan(seed) { Bug = PlantedBug.OldMembershipCounts }))
            .First(result => result is { Broken: not null, Decisions.Count: > 20 });
        var smaller = Shrinker.Shrink(failed, TimeSpan.FromMinutes(2));
        Assert.Equal(failed.Broken!.Rule, smaller.Broken!.Rule);
        Assert.True(smaller.Decisions.Count < failed.Decisions.Count, $"{smaller.Decisions.Count} decisions are left of {failed.Decisions.Count}");
        Assert.True(smaller.VirtualTime <= failed.VirtualTime);

        // What is printed is enough to see it again, to the last bit.
        Assert.Equal(smaller.Hash, SimulationRun.Of(smaller.Plan).Hash);
        Assert.Equal(Tool.Failed, Tool.Run(["run", .. smaller.Plan.Options().Split(' '), "--no-shrink"], TextWriter.Null, TextWriter.Null));
    }

    [Fact]
    public void A_failure_prints_the_command_that_replays_it_and_the_smaller_schedule()
    {
        using var output = new StringWriter();
        var seed = Enumerable.Range(1, 100).First(seed => SimulationRun.Of(new RunPlan(seed) { Bug = PlantedBug.AnswerBeforeSync }).Broken is not null);
        Assert.Equal(Tool.Failed, Tool.Run(["run", "--seed", $"{seed}", "--bug", nameof(PlantedBug.AnswerBeforeSync)], output, TextWriter.Null));
        Assert.Contains($"-- run --seed {seed} --bug AnswerBeforeSync --trace", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("(commit ", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("smaller: ", output.ToString(), StringComparison.Ordinal);
        Assert.Contains(" --until ", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("f3,f5-7,m2", "f3,f5,f6,f7,m2")]
    [InlineData("m1", "m1")]
    public void Names_are_read_as_they_are_printed(string text, string names)
    {
        Assert.Equal(names.Split(',').Order(), RunPlan.ParseNames(text)!.Order());
        Assert.EndsWith($" --without {text}", new RunPlan(1) { Without = RunPlan.ParseNames(text)! }.Options(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x3")]
    [InlineData("f7-5")]
    [InlineData("f")]
    public void What_is_no_name_is_refused(string text) => Assert.Null(RunPlan.ParseNames(text));

    [Fact]
    public void A_decision_that_is_left_out_leaves_the_first_ones_as_they_were()
    {
        var whole = SimulationRun.Of(new RunPlan(7) { Until = TimeSpan.FromSeconds(20) });
        var left = SimulationRun.Of(new RunPlan(7) { Until = TimeSpan.FromSeconds(20), Without = new HashSet<string> { "f3" } });
        var faults = whole.Decisions.Where(decision => decision.Name[0] == 'f' && decision.Name != "f3");
        Assert.Equal(faults, left.Decisions.Where(decision => decision.Name[0] == 'f'));
    }
}
