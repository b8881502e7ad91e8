using System.Diagnostics;

namespace LifeRaft.Simulation;

/// <summary>What a range of seeds came to.</summary>
internal sealed class SeedCampaign
{
    public Counts Counts { get; private set; } = new();

    public TimeSpan VirtualTime { get; private set; }

    public TimeSpan Elapsed { get; private set; }

    public int Failures { get; private set; }

    /// <summary>How many operations were done under faults by the seed that did the fewest; seeds that failed were cut short and do not count.</summary>
    public long FewestOperations { get; private set; } = long.MaxValue;

    public double HoursPerMinute => VirtualTime.TotalHours / Elapsed.TotalMinutes;

    /// <summary>Runs each seed, several at once: runs share nothing.</summary>
    public static SeedCampaign Run(int first, int last, PlantedBug bug, int atOnce, Action<RunResult> failed)
    {
        var campaign = new SeedCampaign();
        var gate = new Lock();
        var clock = Stopwatch.StartNew();
        Parallel.For((long)first, (long)last + 1, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, seed =>
        {
            var result = SimulationRun.Of(new RunPlan((int)seed) { Bug = bug });
            lock (gate)
            {
                campaign.Counts += result.Counts;
                campaign.VirtualTime += result.VirtualTime;
                if (result.Broken is not null)
                {
                    campaign.Failures++;
                    failed(result);
                }
                else
                {
                    campaign.FewestOperations = Math.Min(campaign.FewestOperations, result.Counts.OperationsUnderFaults);
                }
            }
        });
        campaign.Elapsed = clock.Elapsed;
        return campaign;
    }
}
