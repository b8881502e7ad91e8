namespace LifeRaft.Benchmarks.Tests;

public sealed class WarmUpTests
{
    [Theory]
    [InlineData(new double[] { 100, 200, 300, 310, 312 }, 5)] // Two that are within 5 % of the best before.
    [InlineData(new double[] { 100, 104, 90, 200, 205, 201 }, 3)] // Slower ones do not rise either.
    [InlineData(new double[] { 100, 200, 205, 300, 301, 299 }, 6)] // One alone is no end.
    [InlineData(new double[] { 100, 200, 400, 800, 1600, 3200, 6400, 12800 }, 7)] // It rises to the last.
    public void It_is_over_when_the_rate_no_longer_rises(double[] rates, int windows)
    {
        var warmUp = new WarmUp(least: 3, most: 7);
        Assert.Equal(windows, WindowsUntilOver(warmUp, rates));
    }

    [Fact]
    public void However_flat_the_rate_is_the_least_of_windows_are_run() =>
        Assert.Equal(8, WindowsUntilOver(WarmUp.OfSystem(), [.. Enumerable.Repeat(1000.0, 60)]));

    [Fact]
    public async Task It_runs_the_workload_until_it_is_over()
    {
        var windows = new List<(int Clients, TimeSpan Duration)>();
        var workload = new Workload(Workload.Write, 256, (clients, duration) =>
        {
            windows.Add((clients, duration));
            return Task.FromResult(new LoadFigures(1, 1000, 1, 1, 1));
        });

        await WarmUp.OfWorkload().Run(workload, WarmUp.Clients, _ => { }, TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Repeat((WarmUp.Clients, WarmUp.Window), 3), windows);
    }

    private static int WindowsUntilOver(WarmUp warmUp, double[] rates)
    {
        var windows = 0;
        while (!warmUp.IsOver)
        {
            warmUp.Add(rates[windows++]);
        }

        return windows;
    }
}
