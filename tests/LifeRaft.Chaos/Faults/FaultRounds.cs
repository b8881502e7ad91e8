using System.Diagnostics;
using System.Globalization;
using LifeRaft.TestSilo;

namespace LifeRaft.Chaos;

/// <summary>One fault after the other, and after each of them the time until the groups make progress again.</summary>
internal sealed class FaultRounds(FaultDeck deck, IReadOnlyList<IWorkload> workloads, Random random, Action<string> report)
{
    private static readonly TimeSpan _election = ChaosSettings.Timings.ElectionMax;

    public List<Recovery> Recoveries { get; } = [];

    /// <summary>At least so many faults, and at least for so long.</summary>
    public async Task Run(TimeSpan duration, int least, CancellationToken cancellationToken)
    {
        foreach (var workload in workloads)
        {
            await workload.UnderWay(cancellationToken);
        }

        var started = Stopwatch.GetTimestamp();
        while (Recoveries.Count < least || Stopwatch.GetElapsedTime(started) < duration)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var recovery = await Round(Recoveries.Count + 1, await deck.Deal(), cancellationToken);
            Recoveries.Add(recovery);
            report(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(started).TotalSeconds,6:0.0} s  {recovery}"));

            // Sometimes the next one comes while the groups are still occupied with this one.
            await Task.Delay(_election * random.NextDouble(), cancellationToken);
        }
    }

    private async Task<Recovery> Round(int number, Fault fault, CancellationToken cancellationToken)
    {
        var struck = LockEvent.Now;
        await fault.Begin();
        var begun = Stopwatch.GetTimestamp();
        var meanwhile = workloads.Select(workload => workload.Measure(begun, $"meanwhile/{number}", fault.Hold)).ToList();
        await Task.Delay(fault.Hold, cancellationToken);
        var served = await Task.WhenAll(meanwhile);
        foreach (var workload in workloads.Where((_, index) => fault.LeavesNoMajority && served[index] is not null))
        {
            workload.Surprise($"Progress that began when no majority was left, {workload.Progress}: {fault}");
        }

        await fault.End();
        var ended = Stopwatch.GetTimestamp();
        var span = new FaultSpan(struck, LockEvent.Now, fault.LeavesNoMajority);
        var took = await Task.WhenAll(workloads.Select(workload => workload.Measure(ended, $"progress/{number}", ChaosSettings.Patience)));
        return new Recovery(number, fault, span, [.. workloads.Select((workload, index) => new Progress(workload.Progress, served[index], took[index]))]);
    }
}
