namespace LifeRaft.Benchmarks;

/// <summary>What came of a workload with so many clients.</summary>
/// <param name="System">Who did it.</param>
/// <param name="Workload">What was asked.</param>
/// <param name="Clients">How many requests were under way at once.</param>
/// <param name="ValueBytes">How long the values were.</param>
/// <param name="PerSecond">Requests answered in a second.</param>
/// <param name="P50Us">Half of them took no longer, in microseconds.</param>
/// <param name="P99Us">99 of 100 took no longer.</param>
/// <param name="P999Us">999 of 1000 took no longer.</param>
/// <param name="CpuUsPerOp">Processor time of all processes, the clients' too, by request, in microseconds.</param>
/// <param name="BytesPerOp">Bytes that .NET allocated in all processes, by request; null where that is not known.</param>
internal sealed record Measurement(
    string System, string Workload, int Clients, int ValueBytes, double PerSecond, double P50Us, double P99Us, double P999Us, double CpuUsPerOp, double? BytesPerOp)
{
    /// <summary>Measures a workload once.</summary>
    /// <param name="system">Whose.</param>
    /// <param name="workload">What is asked.</param>
    /// <param name="clients">How many requests are under way at once.</param>
    /// <param name="warmUp">How long the same is done before, unmeasured, for the load to settle.</param>
    /// <param name="duration">How long is measured.</param>
    public static async Task<Measurement> Take(ISystem system, Workload workload, int clients, TimeSpan warmUp, TimeSpan duration)
    {
        await workload.Run(clients, warmUp);
        var before = await system.Used();
        var load = await workload.Run(clients, duration);
        var used = await system.Used() - before;
        return new Measurement(
            system.Name, workload.Name, clients, workload.ValueBytes, load.PerSecond, load.P50Us, load.P99Us, load.P999Us,
            used.Cpu.TotalMicroseconds / load.Count, used.AllocatedBytes / (double)load.Count);
    }

    /// <summary>The median of each figure by itself, over rounds of the same.</summary>
    public static Measurement MedianOf(IReadOnlyList<Measurement> rounds) => rounds[0] with
    {
        PerSecond = Median(rounds.Select(round => round.PerSecond)),
        P50Us = Median(rounds.Select(round => round.P50Us)),
        P99Us = Median(rounds.Select(round => round.P99Us)),
        P999Us = Median(rounds.Select(round => round.P999Us)),
        CpuUsPerOp = Median(rounds.Select(round => round.CpuUsPerOp)),
        BytesPerOp = rounds[0].BytesPerOp is null ? null : Median(rounds.Select(round => round.BytesPerOp!.Value)),
    };

    public static double Median(IEnumerable<double> figures)
    {
        var sorted = figures.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
