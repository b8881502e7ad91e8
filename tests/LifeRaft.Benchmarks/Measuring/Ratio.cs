namespace LifeRaft.Benchmarks;

/// <summary>A figure beside another one of the same run, and what it should be.</summary>
internal sealed record Ratio(string Name, double Measured, double Goal, bool IsAtMost)
{
    /// <summary>Those whose figures are there.</summary>
    public static IEnumerable<Ratio> Of(IReadOnlyList<Measurement> rows)
    {
        foreach (var liferaft in rows.Where(row => row.Workload == "write").Select(row => row.System).Where(system => system.StartsWith("liferaft", StringComparison.Ordinal)).Distinct())
        {
            var isInProcess = liferaft.Contains("one process", StringComparison.Ordinal);
            foreach (var ratio in (isInProcess ? AgainstDotNext(liferaft) : Processes(liferaft)).OfType<Ratio>())
            {
                yield return ratio;
            }
        }

        IEnumerable<Ratio?> Processes(string system)
        {
            var parts = P50("disk", "sync") + P50(system, "client calls grain") + P50(system, "grain calls grain");
            yield return At(system, "write, 1 client, p50, against etcd", P50(system, "write") / P50("etcd", "write"), 0.45, isAtMost: true);
            yield return At(system, "write, 1 client, p50, against call + call + sync", P50(system, "write") / parts, 1.5, isAtMost: true);
            yield return At(system, "writes/s, 64 clients, against etcd", Rate(system, "write", 64) / Rate("etcd", "write", 64), 5);
            yield return At(system, "writes/s, 256 clients, against etcd", Rate(system, "write", 256) / Rate("etcd", "write", 256), 7);
            yield return At(system, "writes/s, 256 clients, against calls of a grain", Rate(system, "write", 256) / Rate(system, "client calls grain", 256), 0.5);
            yield return At(system, "reads/s, 64 clients, against calls of a grain", Rate(system, "read", 64) / Rate(system, "client calls grain", 64), 0.75);
            yield return At(system, "reads/s by lease, 64 clients, against calls of a grain", Rate(system, "read by lease", 64) / Rate(system, "client calls grain", 64), 0.9);
        }

        IEnumerable<Ratio?> AgainstDotNext(string system)
        {
            yield return At(system, "write, 1 client, p50, against DotNext", P50(system, "write") / P50("DotNext", "write"), 0.45, isAtMost: true);
            yield return At(system, "writes/s, 64 clients, against DotNext", Rate(system, "write", 64) / Rate("DotNext", "write", 64), 2);
            yield return At(system, "writes/s, 256 clients, against DotNext", Rate(system, "write", 256) / Rate("DotNext", "write", 256), 1.5);
        }

        static Ratio? At(string system, string name, double? measured, double goal, bool isAtMost = false) =>
            measured is { } value ? new Ratio($"{system}: {name}", value, goal, isAtMost) : null;

        double? P50(string system, string workload) => Row(system, workload, 1)?.P50Us;

        double? Rate(string system, string workload, int clients) => Row(system, workload, clients)?.PerSecond;

        Measurement? Row(string system, string workload, int clients) => rows.FirstOrDefault(row => row.System == system && row.Workload == workload && row.Clients == clients);
    }
}
