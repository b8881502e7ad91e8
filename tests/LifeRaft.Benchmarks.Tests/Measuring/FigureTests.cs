namespace LifeRaft.Benchmarks.Tests;

public sealed class FigureTests
{
    [Fact]
    public void Each_figure_is_the_median_of_its_own_rounds()
    {
        var medians = Figure.MediansOf([Round(1, 30), Round(9, 10), Round(2, 20)]);
        Assert.Equal([new Figure("rate", 2, "MiB/s", 2, IsAtMost: false), new Figure("time", 20, "s")], medians);
    }

    [Theory]
    [InlineData(3, true, true)]
    [InlineData(3.1, true, false)]
    [InlineData(3, false, true)]
    [InlineData(2.9, false, false)]
    public void A_goal_is_met_when_it_is_reached(double value, bool isAtMost, bool isMet) =>
        Assert.Equal(isMet, new Figure("what", value, "x", 3, isAtMost).IsMet);

    [Fact]
    public void Without_a_goal_nothing_is_met_or_missed() => Assert.Null(new Figure("what", 1, "s").IsMet);

    private static IReadOnlyList<Figure> Round(double rate, double time) => [new("rate", rate, "MiB/s", 2, IsAtMost: false), new("time", time, "s")];
}
