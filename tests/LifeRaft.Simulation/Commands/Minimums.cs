namespace LifeRaft.Simulation;

/// <summary>How often things must have happened, per hundred seeds, for a range of seeds to prove anything.</summary>
internal static class Minimums
{
    /// <summary>With fewer seeds than this, chance decides too much.</summary>
    public const int FewestSeeds = 20;

    private static readonly Dictionary<string, long> _perHundredSeeds = new()
    {
        ["elections"] = 1_000,
        ["truncations"] = 60,
        ["membership changes"] = 1_500,
        ["readmissions"] = 200,
        ["replacements"] = 80,
        ["transfers"] = 300,
        ["crashes"] = 1_500,
        ["crashes within turns"] = 200,
        ["crashes after promises"] = 100,
        ["takeovers"] = 100,
        ["pauses"] = 200,
        ["clock changes"] = 120,
        ["lost writes"] = 50,
        ["torn writes"] = 80,
        ["lost disks"] = 10,
        ["failed syncs"] = 80,
        ["full disks"] = 120,
        ["writes without space"] = 100,
        ["partitions"] = 500,
        ["messages lost"] = 5_000,
        ["messages doubled"] = 5_000,
        ["operations"] = 120_000,
        ["operations under faults"] = 100_000,
        ["sessions opened"] = 500,
        ["sessions expired"] = 200,
        ["commands repeated"] = 3_000,
        ["young leaders failed"] = 200,
        ["repetitions answered"] = 200,
        ["snapshots taken"] = 5_000,
        ["snapshots offered"] = 300,
        ["snapshots installed"] = 200,
        ["snapshots resumed"] = 5,
        ["restarts from snapshots"] = 500,
        ["reads by lease"] = 2_000,
        ["reads on followers"] = 5_000,
        ["nodes quiet"] = 1_000,
        ["hosts lost"] = 200,
        ["rests"] = 100,
    };

    /// <summary>One sentence per count that is too small.</summary>
    public static IEnumerable<string> Missed(SeedCampaign campaign, int seeds) =>
        (campaign.FewestOperations < RunSettings.FewestOperations
            ? [$"a seed with {campaign.FewestOperations} operations done under faults, but {RunSettings.FewestOperations} are the least that each must show"]
            : Enumerable.Empty<string>()).Concat(seeds < FewestSeeds ? [] : MissedTogether(campaign.Counts, seeds));

    private static IEnumerable<string> MissedTogether(Counts counts, int seeds) =>
        from count in counts.All()
        where _perHundredSeeds.ContainsKey(count.Name)
        let least = _perHundredSeeds[count.Name] * seeds / 100
        where count.Value < least
        select $"{count.Name}: {count.Value}, but {least} are the least that {seeds} seeds must show";
}
