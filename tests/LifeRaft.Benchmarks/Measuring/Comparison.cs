namespace LifeRaft.Benchmarks;

/// <summary>What is measured of each system.</summary>
/// <param name="names">The workloads.</param>
/// <param name="lengths">The lengths of written values, in bytes.</param>
/// <param name="clients">How many requests are under way at once.</param>
/// <param name="settling">How long the load of a measurement runs before it.</param>
/// <param name="duration">How long each measurement takes.</param>
internal sealed class Comparison(IReadOnlyList<string> names, IReadOnlyList<int> lengths, IReadOnlyList<int> clients, TimeSpan settling, TimeSpan duration)
{
    private const int Attempts = 3;

    private readonly List<string> _repeated = [];

    /// <summary>What was done again, because a request failed: a leader that is changed under a machine that does too much besides, for instance.</summary>
    public IReadOnlyList<string> Repeated => _repeated;

    /// <summary>Starts a system, warms it up, measures it, and ends it.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="heard">Hears what is being done.</param>
    /// <param name="cancellationToken">Ends it between two measurements.</param>
    public async Task<IReadOnlyList<Measurement>> Measure(SystemKind kind, Action<string> heard, CancellationToken cancellationToken)
    {
        heard(" starts");
        await using var system = await kind.Start();
        var workloads = system.Workloads.Where(IsWanted).ToList();
        foreach (var (index, workload) in workloads.DistinctBy(workload => workload.Name).Index())
        {
            var warmUp = index == 0 ? WarmUp.OfSystem() : WarmUp.OfWorkload();
            await Again($"{kind.Name}, warm-up with {workload.Name}", async () =>
            {
                await warmUp.Run(workload, kind.IsConcurrent ? WarmUp.Clients : 1, text => heard($" warms up, {workload.Name}: {text}"), cancellationToken);
                return warmUp;
            });
        }

        var measured = new List<Measurement>();
        foreach (var workload in workloads)
        {
            foreach (var count in Clients(kind, workload))
            {
                cancellationToken.ThrowIfCancellationRequested();
                heard($", {workload.Name}, {workload.ValueBytes} bytes, {count} clients");
                measured.Add(await Again($"{kind.Name}, {workload.Name}, {count} clients", () => Measurement.Take(system, workload, count, settling, duration)));
            }
        }

        return measured;
    }

    private async Task<T> Again<T>(string what, Func<Task<T>> measure)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await measure();
            }
            catch (Exception failure) when (failure is not OperationCanceledException && attempt < Attempts)
            {
                _repeated.Add($"{what}: {failure.GetType().Name}: {failure.Message}");
            }
        }
    }

    private bool IsWanted(Workload workload) => names.Contains(workload.Name) && (workload.Name == Workload.Sync || lengths.Contains(workload.ValueBytes));

    /// <summary>How many clients: one where there can only be one, and 64 where it is the length of the values that is of interest.</summary>
    private IEnumerable<int> Clients(SystemKind kind, Workload workload) =>
        !kind.IsConcurrent ? [1] : workload.ValueBytes == Values.UsualBytes ? clients : [WarmUp.Clients];
}
