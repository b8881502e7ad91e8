namespace LifeRaft.Benchmarks;

/// <summary>A figure beside another one of the same run, and what it should be.</summary>
/// <param name="System">Whose figure.</param>
/// <param name="Name">Which, and beside what.</param>
/// <param name="Measured">How many times the other one it is; null where one of them was not measured.</param>
/// <param name="Goal">What it should be.</param>
/// <param name="IsAtMost">Whether less is better.</param>
internal sealed record Ratio(string System, string Name, double? Measured, double Goal, bool IsAtMost = false)
{
    public bool IsMet => IsAtMost ? Measured <= Goal : Measured >= Goal;

    /// <summary>Of every LifeRaft that was measured.</summary>
    public static IEnumerable<Ratio> Of(IReadOnlyList<Measurement> rows)
    {
        var systems = rows.Select(row => row.System).Where(system => system.StartsWith("liferaft", StringComparison.Ordinal)).Distinct();
        return systems.SelectMany(system => system.EndsWith("one process", StringComparison.Ordinal) ? OneProcess(system) : Processes(system));

        IEnumerable<Ratio> Processes(string system)
        {
            var parts = P50("disk", Workload.Sync) + P50(system, Workload.ClientCalls) + P50(system, Workload.GrainCalls);
            var (write, calls) = (P50(system, Workload.Write), Rate(system, Workload.ClientCalls, 64));
            return
            [
                new(system, "write, 1 client, p50, to etcd's", write / P50("etcd", Workload.Write), 0.45, IsAtMost: true),
                new(system, "write, 1 client, p50, to call + call + sync", write / parts, 1.5, IsAtMost: true),
                new(system, "writes/s, 64 clients, to etcd's", Rate(system, Workload.Write, 64) / Rate("etcd", Workload.Write, 64), 5),
                new(system, "writes/s, 256 clients, to etcd's", Rate(system, Workload.Write, 256) / Rate("etcd", Workload.Write, 256), 7),
                new(system, "writes/s, 256 clients, to calls/s of a grain", Rate(system, Workload.Write, 256) / Rate(system, Workload.ClientCalls, 256), 0.5),
                new(system, "reads/s, 64 clients, to calls/s of a grain", Rate(system, Workload.Read, 64) / calls, 0.75),
                new(system, "reads/s by lease, 64 clients, to calls/s", Rate(system, Workload.LeaseRead, 64) / calls, 0.9),
            ];
        }

        IEnumerable<Ratio> OneProcess(string system) =>
        [
            new(system, "write, 1 client, p50, to DotNext's", P50(system, Workload.Write) / P50("DotNext", Workload.Write), 0.45, IsAtMost: true),
            new(system, "writes/s, 64 clients, to DotNext's", Rate(system, Workload.Write, 64) / Rate("DotNext", Workload.Write, 64), 2),
            new(system, "writes/s, 256 clients, to DotNext's", Rate(system, Workload.Write, 256) / Rate("DotNext", Workload.Write, 256), 1.5),
        ];

        double? P50(string system, string workload) => Row(system, workload, 1)?.P50Us;

        double? Rate(string system, string workload, int clients) => Row(system, workload, clients)?.PerSecond;

        // The disk has one length, that of a page.
        Measurement? Row(string system, string workload, int clients) => rows.FirstOrDefault(row =>
            row.System == system && row.Workload == workload && row.Clients == clients && (row.ValueBytes == Values.UsualBytes || workload == Workload.Sync));
    }
}
