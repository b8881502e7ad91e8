using System.Diagnostics;
using System.Globalization;

namespace LifeRaft.Chaos;

/// <summary>One fault after the other, and after each of them the time until the group makes progress again.</summary>
internal sealed class FaultRounds(FaultDeck deck, Probe probe, ClientHistory history, Random random, Action<string> report)
{
    private static readonly TimeSpan _election = ChaosSettings.Timings.ElectionMax;

    // So many writes, one after the other, before the first fault: what is lost must have been there.
    private const int WritesBefore = 50;

    public List<Recovery> Recoveries { get; } = [];

    /// <summary>At least so many faults, and at least for so long.</summary>
    public async Task Run(TimeSpan duration, int least, CancellationToken cancellationToken)
    {
        for (var write = 0; write < WritesBefore; write++)
        {
            await history.Acknowledged(Stopwatch.GetTimestamp()).WaitAsync(ChaosSettings.Patience, cancellationToken);
        }

        var started = Stopwatch.GetTimestamp();
        while (Recoveries.Count < least || Stopwatch.GetElapsedTime(started) < duration)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var recovery = await Round(Recoveries.Count + 1, await deck.Deal(), cancellationToken);
            Recoveries.Add(recovery);
            report(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(started).TotalSeconds,6:0.0} s  {recovery}"));

            // Sometimes the next one comes while the group is still occupied with this one.
            await Task.Delay(_election * random.NextDouble(), cancellationToken);
        }
    }

    private async Task<Recovery> Round(int number, Fault fault, CancellationToken cancellationToken)
    {
        await fault.Begin();
        var begun = Stopwatch.GetTimestamp();
        var meanwhile = probe.Measure(begun, $"meanwhile/{number}", fault.Hold);
        await Task.Delay(fault.Hold, cancellationToken);
        var served = await meanwhile;
        if (fault.LeavesNoMajority && served is not null)
        {
            history.Surprise($"A write was acknowledged that began when no majority was left: {fault}");
        }

        await fault.End();
        var ended = Stopwatch.GetTimestamp();
        var took = await probe.Measure(ended, $"progress/{number}", ChaosSettings.Patience);
        return new Recovery(number, fault, Stopwatch.GetElapsedTime(begun, ended), served, took);
    }
}
