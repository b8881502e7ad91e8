namespace LifeRaft.Hosting.Tests;

public sealed class RecentDurationsTests
{
    [Fact]
    public void Without_a_duration_all_figures_are_zero()
    {
        var durations = new RecentDurations();
        Assert.Equal(default, durations.Figures());
        Assert.Equal(TimeSpan.Zero, durations.Latest);
    }

    [Fact]
    public void One_duration_is_every_figure()
    {
        var durations = new RecentDurations();
        durations.Record(TimeSpan.FromMicroseconds(70));
        var one = TimeSpan.FromMicroseconds(70);
        Assert.Equal(new DurationFigures(1, one, one, one), durations.Figures());
    }

    [Fact]
    public void The_percentiles_are_those_of_the_last_128()
    {
        var durations = new RecentDurations();
        foreach (var milliseconds in Enumerable.Range(1, 1000).Reverse())
        {
            durations.Record(TimeSpan.FromMilliseconds(milliseconds));
        }

        // What is remembered is 128, 127, ... 1.
        Assert.Equal(
            new DurationFigures(1000, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(64), TimeSpan.FromMilliseconds(127)),
            durations.Figures());
    }

    [Fact]
    public void A_duration_beyond_what_fits_counts_as_the_longest()
    {
        var durations = new RecentDurations();
        durations.Record(TimeSpan.FromDays(1));
        durations.Record(TimeSpan.FromTicks(-5));
        Assert.Equal(TimeSpan.FromMicroseconds(uint.MaxValue), durations.Figures().Percentile99);
        Assert.Equal(TimeSpan.Zero, durations.Latest);
    }

    [Fact]
    public void To_record_allocates_only_once()
    {
        var durations = new RecentDurations();
        durations.Record(TimeSpan.FromMilliseconds(1));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            durations.Record(TimeSpan.FromMilliseconds(i));
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, allocated);
    }

    [Fact]
    public async Task Who_looks_while_one_records_sees_only_what_was_recorded()
    {
        var durations = new RecentDurations();
        var hasEnded = false;
        var writer = Task.Run(
            () =>
            {
                for (var i = 0; i < 1_000_000; i++)
                {
                    durations.Record(TimeSpan.FromMicroseconds(7));
                }

                Volatile.Write(ref hasEnded, true);
            },
            TestContext.Current.CancellationToken);
        while (!Volatile.Read(ref hasEnded))
        {
            var figures = durations.Figures();
            Assert.All([figures.Latest, figures.Median, figures.Percentile99], figure => Assert.Equal(figures.Count == 0 ? 0 : 7, figure.TotalMicroseconds));
        }

        await writer;
        Assert.Equal(1_000_000, durations.Count);
    }
}
