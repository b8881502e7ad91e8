namespace LifeRaft.Benchmarks.Tests;

public sealed class MeasurementTests
{
    [Fact]
    public void Each_figure_is_its_own_median()
    {
        var median = Measurement.MedianOf([Row(perSecond: 1, p50: 30), Row(perSecond: 3, p50: 10), Row(perSecond: 2, p50: 20)]);
        Assert.Equal((2.0, 20.0), (median.PerSecond, median.P50Us));
    }

    [Fact]
    public void Of_an_even_number_it_is_the_mean_of_the_two_in_the_middle() =>
        Assert.Equal(2.5, Measurement.MedianOf([Row(perSecond: 4), Row(perSecond: 1), Row(perSecond: 2), Row(perSecond: 3)]).PerSecond);

    [Fact]
    public async Task What_the_warm_up_used_does_not_count()
    {
        var system = new FakeSystem();
        var workload = new Workload(Workload.Write, 256, (_, duration) =>
        {
            // The first run, which is the warm-up, costs a hundred times as much.
            system.Cpu += TimeSpan.FromMicroseconds(duration == TimeSpan.FromSeconds(1) ? 100_000 : 1000);
            return Task.FromResult(new LoadFigures(Count: 10, PerSecond: 5, P50Us: 1, P99Us: 2, P999Us: 3));
        });

        var measured = await Measurement.Take(system, workload, clients: 4, warmUp: TimeSpan.FromSeconds(1), duration: TimeSpan.FromSeconds(2));

        Assert.Equal(new Measurement("fake", Workload.Write, 4, 256, 5, 1, 2, 3, CpuUsPerOp: 100, BytesPerOp: null), measured);
    }

    [Fact]
    public async Task Every_request_of_every_client_is_counted()
    {
        var sent = 0;
        var figures = await ClosedLoop.Run(
            _ =>
            {
                Interlocked.Increment(ref sent);
                return Task.CompletedTask;
            },
            clients: 3,
            TimeSpan.FromMilliseconds(20));

        Assert.Equal(sent, figures.Count);
        Assert.InRange(figures.P50Us, 0, figures.P999Us);
    }

    [Fact]
    public async Task A_request_that_fails_ends_the_measurement() =>
        await Assert.ThrowsAsync<TimeoutException>(() => ClosedLoop.Run(_ => throw new TimeoutException(), clients: 2, TimeSpan.FromMilliseconds(1)));

    private static Measurement Row(double perSecond, double p50 = 0) =>
        new("system", Workload.Write, 1, 256, perSecond, p50, P99Us: 0, P999Us: 0, CpuUsPerOp: 0, BytesPerOp: null);

    private sealed class FakeSystem : ISystem
    {
        public TimeSpan Cpu { get; set; }

        public string Name => "fake";

        public IReadOnlyList<Workload> Workloads => [];

        public Task<Usage> Used() => Task.FromResult(new Usage(Cpu, AllocatedBytes: null));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
