namespace LifeRaft.Benchmarks;

/// <summary>Writes of so many clients that more add nothing, and of four times as many.</summary>
/// <param name="start">Starts three silos; at each of their nodes so many requests may be unanswered, or as many as by default.</param>
/// <param name="clients">How many clients saturate it; null where that is to be found out.</param>
/// <param name="duration">How long each load runs.</param>
/// <param name="say">Hears what is being done.</param>
internal sealed class OverloadRun(Func<int?, Task<LifeRaftProcesses>> start, int? clients, TimeSpan duration, Action<string> say)
{
    /// <summary>How many times the saturating load is too much.</summary>
    public const int Overload = 4;

    private static readonly TimeSpan _probe = TimeSpan.FromSeconds(3);

    private readonly List<Figure> _figures = [];

    /// <summary>Twice: with the default bounds, and with a bound of what saturates, beyond which requests are refused.</summary>
    public async Task<IReadOnlyList<Figure>> Measure(CancellationToken cancellationToken)
    {
        var saturating = await Measure("default bounds", null, clients, cancellationToken);
        await Measure($"bound of {saturating} requests", saturating, saturating, cancellationToken);
        return _figures;
    }

    /// <summary>The fewest clients with which the rate is as good as the best; see <see cref="WarmUp.Rising"/>.</summary>
    public static int Saturating(IReadOnlyList<(int Clients, double PerSecond)> probes)
    {
        var best = probes.Max(probe => probe.PerSecond);
        return probes.First(probe => probe.PerSecond * WarmUp.Rising >= best).Clients;
    }

    private async Task<int> Measure(string what, int? bound, int? saturating, CancellationToken cancellationToken)
    {
        say($"{what}: three silos start");
        await using var silos = await start(bound);
        var write = silos.Workloads.First(workload => workload is { Name: Workload.Write, ValueBytes: Values.UsualBytes });
        await WarmUp.OfSystem().Run(write, WarmUp.Clients, text => say($"{what}: they warm up: {text}"), cancellationToken);
        var store = new KeyValueStore(silos.Grains.GetRaftGroup(SiloSettings.GroupName));
        var count = saturating ?? await Find(store, cancellationToken);
        Add($"{what}: saturating clients", count, "clients");

        say($"{what}: {count} clients");
        await Load(store, count, duration);
        cancellationToken.ThrowIfCancellationRequested();
        var usedBefore = await silos.Used();
        var (best, calm) = await Load(store, count, duration);
        var usedCalmly = await silos.Used() - usedBefore;
        var before = await silos.Memory();

        say($"{what}: {Overload * count} clients");
        cancellationToken.ThrowIfCancellationRequested();
        await Load(store, Overload * count, _probe);
        usedBefore = await silos.Used();
        var load = Load(store, Overload * count, duration);
        var seen = await MemoryWatch.During(load, silos.Memory);
        var (much, asked) = await load;
        var used = await silos.Used() - usedBefore;

        Add($"{what}: writes, {count} clients", best.PerSecond, "per s");
        Add($"{what}: writes, {Overload * count} clients", much.PerSecond, "per s");
        Add($"{what}: the same to that of {count}", much.PerSecond / best.PerSecond, "x", 0.8, isAtMost: false);
        Add($"{what}: CPU by write with the clients', {count} clients", usedCalmly.Cpu.TotalMicroseconds / best.Count, "us");
        Add($"{what}: CPU by write with the clients', {Overload * count} clients", used.Cpu.TotalMicroseconds / much.Count, "us");
        Add($"{what}: p99 of accepted, {count} clients", calm.P99Us / 1000, "ms");
        Add($"{what}: p99 of accepted, {Overload * count} clients", asked.P99Us / 1000, "ms");

        // Where none is refused, each waits for its turn among four times as many.
        Add($"{what}: the same to that of {count}", asked.P99Us / calm.P99Us, "x", Overload * 1.25);
        Add($"{what}: refused attempts per write", (double)asked.Refused / much.Count, "");
        Add($"{what}: attempts without an outcome", asked.Lost, "");
        AddMemory($"{what}: silos' working set", before, seen, memory => memory.WorkingSetBytes);
        AddMemory($"{what}: silos' managed heap", before, seen, memory => memory.HeapBytes);
        return count;
    }

    private async Task<int> Find(KeyValueStore store, CancellationToken cancellationToken)
    {
        var probes = new List<(int Clients, double PerSecond)>();
        for (var count = 64; count <= 1024; count *= 2)
        {
            cancellationToken.ThrowIfCancellationRequested();
            say($"how many clients saturate it: {count}");
            await Load(store, count, WarmUp.Window);
            probes.Add((count, (await Load(store, count, _probe)).Figures.PerSecond));
        }

        return Saturating(probes);
    }

    private static async Task<(LoadFigures Figures, PatientClients Clients)> Load(KeyValueStore store, int count, TimeSpan duration)
    {
        var value = Values.OfLength(Values.UsualBytes);
        var asking = new PatientClients(client => store.Put($"overload-{client}", value));
        return (await ClosedLoop.Run(asking.Ask, count, duration), asking);
    }

    private void AddMemory(string measure, MemoryUse before, IReadOnlyList<MemoryUse> during, Func<MemoryUse, long> bytes)
    {
        const double Mebibyte = 1024 * 1024;
        Add($"{measure} before", bytes(before) / Mebibyte, "MiB");
        Add($"{measure}, most during it", during.Max(bytes) / Mebibyte, "MiB");
        Add($"{measure}, second half to first", MemoryWatch.Growth(during, bytes), "x", 1.1);
    }

    private void Add(string measure, double value, string unit, double? goal = null, bool isAtMost = true) => _figures.Add(new Figure(measure, value, unit, goal, isAtMost));
}
