using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>The world of one seed: every seed has another one.</summary>
internal sealed record RunSettings
{
    public required int Hosts { get; init; }

    public required int FoundingVoters { get; init; }

    public required int Clients { get; init; }

    public required double MostThinkingMilliseconds { get; init; }

    public required double MostMillisecondsBetweenFaults { get; init; }

    public required GroupTimings Timings { get; init; }

    public required RaftSettings Node { get; init; }

    /// <summary>When nodes take snapshots by themselves.</summary>
    public required SnapshotThresholds Snapshots { get; init; }

    /// <summary>Whether clients read by lease.</summary>
    public required bool ReadsByLease { get; init; }

    /// <summary>The slowest and the fastest that a clock runs, in thousandths of the true speed.</summary>
    public static (int Slowest, int Fastest) Clocks => (500, 2000);

    /// <summary>So many operations are done in each run while everything goes wrong.</summary>
    public const int FewestOperations = 1000;

    /// <summary>The faults last for so long at least.</summary>
    public TimeSpan Faults { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>The faults end then, even if clients have not got enough done.</summary>
    public TimeSpan LongestFaults => 10 * Faults;

    /// <summary>Within this time after the last fault everybody agrees and every client has written.</summary>
    public TimeSpan Healing { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The settings of the seed, with what the plan says otherwise.</summary>
    public RunSettings With(RunPlan plan) => this with { Faults = plan.Until ?? Faults, Clients = plan.Clients ?? Clients };

    public static RunSettings Draw(Chance chance)
    {
        var hosts = chance.Between(3, 6);
        var pace = chance.OneOf([1, 1, 2, 4]);
        return new RunSettings
        {
            Hosts = hosts,
            FoundingVoters = chance.Between(3, Math.Min(hosts, 5)),
            Clients = chance.Between(5, World.MostClients),
            MostThinkingMilliseconds = chance.OneOf([20, 60, 200]),
            MostMillisecondsBetweenFaults = chance.OneOf([500 + (200 * pace), 1000 + (300 * pace), 3000]),
            Timings = new GroupTimings(TimeSpan.FromMilliseconds(50 * pace), TimeSpan.FromMilliseconds(150 * pace), TimeSpan.FromMilliseconds(chance.OneOf([160, 300]) * pace), 0.8),
            Snapshots = new SnapshotThresholds(chance.OneOf([5, 30, 200, long.MaxValue]), long.MaxValue),
            ReadsByLease = chance.Happens(0.5),
            Node = new RaftSettings
            {
                MaximumClockDrift = 3, // What the clocks below come to.
                EntriesKeptBehindSnapshot = chance.OneOf([0, 3, 50]),
                SnapshotPartBytes = chance.OneOf([7, 40, 128 * 1024]),
                MaximumSnapshotPartsInFlight = chance.OneOf([1, 3, 8]),
                MaximumBytesPerAppend = chance.OneOf([60, 300, 1024 * 1024]),
                MaximumAppendsInFlight = chance.OneOf([1, 2, 8]),
                MaximumUncommittedBytes = chance.OneOf([400, 4000, 64 * 1024 * 1024]),
                CachedBytes = chance.OneOf([0, 500, 4000, 16 * 1024 * 1024]),
                MaximumBytesPerApply = chance.OneOf([60, 1024 * 1024]),
                CaughtUpWithinEntries = chance.OneOf([0, 3, 1000]),
                GoesQuiet = chance.Happens(0.7),
            },
        };
    }
}
