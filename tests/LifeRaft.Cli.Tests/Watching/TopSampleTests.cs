using LifeRaft.Protocol;

namespace LifeRaft.Cli.Tests.Watching;

public sealed class TopSampleTests
{
    [Fact]
    public void Rates_are_of_the_time_between_the_reports()
    {
        var sample = new TopSample(Reports.Of([1, 2, 3], 1, commit: 1000), Reports.Of([1, 2, 3], 1, commit: 1500, at: Reports.Now + TimeSpan.FromSeconds(2)));
        Assert.Equal(250, sample.CommitsPerSecond(Reports.Group(sample.Now)));
        Assert.Equal(275, sample.AllCommitsPerSecond);
    }

    [Fact]
    public void A_group_that_is_new_or_founded_anew_has_no_rate_yet()
    {
        var now = Reports.Group(Reports.Healthy);
        var sample = new TopSample(new ClusterReport(Reports.Now, [], []), Reports.Of([1, 2, 3], 1, at: Reports.Now + TimeSpan.FromSeconds(1)));
        Assert.Null(sample.CommitsPerSecond(now));
        Assert.Null(new TopSample(Reports.Healthy, sample.Now).CommitsPerSecond(now with { Id = new GroupId(Guid.NewGuid()) }));
    }

    [Fact]
    public void The_first_sample_compares_a_report_with_itself_and_knows_no_rate() =>
        Assert.Null(new TopSample(Reports.Healthy, Reports.Healthy).CommitsPerSecond(Reports.Group(Reports.Healthy)));
}
