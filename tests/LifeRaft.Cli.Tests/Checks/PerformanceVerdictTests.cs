namespace LifeRaft.Cli.Tests.Checks;

public sealed class PerformanceVerdictTests
{
    private static readonly PerformanceThresholds _thresholds = new(150, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500));

    [Fact]
    public void What_is_within_all_thresholds_passes_without_a_reason()
    {
        var verdict = Of(writes: 5000, p99: 20, slowest: 100);
        Assert.True(verdict.Passed);
        Assert.Empty(verdict.Reasons);
    }

    [Theory]
    [InlineData(100, 20, 100, "writes per second")]
    [InlineData(5000, 101, 200, "p99 of a write")]
    [InlineData(5000, 20, 501, "slowest write")]
    public void Each_threshold_can_fail(long writes, double p99, double slowest, string failing) =>
        Assert.Equal(failing, Assert.Single(Of(writes, p99, slowest).Checks, check => !check.Passed).What);

    [Fact]
    public void A_failed_write_fails_and_is_said()
    {
        var verdict = PerformanceVerdict.Of(Measured(5000, 20, 100) with { Failed = 1, FirstFailure = "no leader" }, _thresholds, Reports.Healthy, "kv/default");
        Assert.False(verdict.Passed);
        Assert.Equal("The first failure: no leader", verdict.Reasons[0]);
    }

    [Fact]
    public void Slow_disks_and_absent_members_are_named_as_reasons()
    {
        var reasons = PerformanceVerdict.Of(Measured(100, 10, 20), _thresholds, Reports.Degraded, "kv/default").Reasons;
        Assert.Contains("silo-1: a write takes 3.1 ms (p99) until it is durable; look at its disk (rocksdb at /data/silo-1).", reasons);
        Assert.Contains("3@silo-3 is not there: silo-3 did not answer within 700 ms.", reasons);
    }

    [Fact]
    public void Where_the_silos_name_no_reason_that_is_said() => Assert.Contains("too little processor time", Assert.Single(Of(100, 20, 100).Reasons), StringComparison.Ordinal);

    private static PerformanceVerdict Of(long writes, double p99, double slowest) => PerformanceVerdict.Of(Measured(writes, p99, slowest), _thresholds, Reports.Healthy, "kv/default");

    private static WriteMeasurement Measured(long writes, double p99, double slowest) =>
        new(writes, 0, null, TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(p99), TimeSpan.FromMilliseconds(slowest));
}
