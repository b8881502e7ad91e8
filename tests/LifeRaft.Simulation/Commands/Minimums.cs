namespace LifeRaft.Simulation;

/// <summary>How often things must have happened, per hundred seeds, for a range of seeds to prove anything.</summary>
internal static class Minimums
{
    /// <summary>With fewer seeds than this, chance decides too much.</summary>
    public const int FewestSeeds = 20;

    private static readonly Dictionary<string, long> _perHundredSeeds = new()
    {
        ["elections"] = 1000,
        ["truncations"] = 30,
        ["membership changes"] = 1000,
        ["readmissions"] = 100,
        ["transfers"] = 300,
        ["crashes"] = 2000,
        ["crashes within turns"] = 400,
        ["crashes after promises"] = 100,
        ["takeovers"] = 200,
        ["pauses"] = 400,
        ["clock changes"] = 400,
        ["lost writes"] = 50,
        ["lost disks"] = 10,
        ["failed syncs"] = 150,
        ["partitions"] = 1500,
        ["messages lost"] = 5000,
        ["messages doubled"] = 5000,
        ["young leaders failed"] = 500,
        ["snapshots taken"] = 3000,
        ["snapshots offered"] = 300,
        ["snapshots installed"] = 150,
        ["restarts from snapshots"] = 2000,
        ["reads by lease"] = 2000,
        ["reads on followers"] = 5000,
        ["replacements"] = 50,
        ["operations"] = 100_000,
        ["operations done"] = 50_000,
        ["sessions expired"] = 100,
        ["commands repeated"] = 3000,
        ["repetitions answered"] = 200,
    };

    /// <summary>One sentence per count that is too small.</summary>
    public static IEnumerable<string> Missed(Counts counts, int seeds) =>
        from count in counts.All()
        where _perHundredSeeds.ContainsKey(count.Name)
        let least = _perHundredSeeds[count.Name] * seeds / 100
        where count.Value < least
        select $"{count.Name}: {count.Value}, but {least} are the least that {seeds} seeds must show";
}
