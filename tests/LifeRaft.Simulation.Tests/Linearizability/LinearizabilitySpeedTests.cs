using System.Diagnostics;
using LifeRaft.Simulation;

namespace LifeRaft.Simulation.Tests;

/// <summary>10,000 operations by 50 processes are decided within a minute, however they are spread.</summary>
public sealed class LinearizabilitySpeedTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1, 0.0)]
    [InlineData(1, 0.05)]
    [InlineData(10, 0.05)]
    public void Ten_thousand_operations_are_decided_within_a_minute(int keys, double unknown)
    {
        var history = Histories.OfAtomicRegisters(10_000, 50, keys, unknown, seed: 7);
        AssertDecided(history, isGood: true, $"good, {keys} registers, {unknown:P0} unknown");

        // One read of the past, near the end.
        var index = history.FindLastIndex(one => one is { Kind: EventKind.Ok, Operation: OperationKind.Read } && one.Line < history.Count - 200);
        history[index] = history[index] with { Value = history.First(one => one.Key == history[index].Key && one.Operation == OperationKind.Write).Value };
        AssertDecided(history, isGood: false, $"bad, {keys} registers, {unknown:P0} unknown");
    }

    private void AssertDecided(List<HistoryEvent> history, bool isGood, string what)
    {
        var clock = Stopwatch.StartNew();
        Assert.Equal(isGood, Linearizability.Check(history).IsLinearizable);
        output.WriteLine($"{what}: {clock.Elapsed.TotalSeconds:0.00} s");
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), $"{what}: took {clock.Elapsed}");
    }
}
