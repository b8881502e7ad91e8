using System.Diagnostics;
using System.Globalization;

namespace LifeRaft.Benchmarks;

/// <summary>One run with many groups, from none to all of them and through the restart of a silo.</summary>
internal sealed class GroupsRun(SilosInProcess silos, GroupsPlan plan, Action<string> say)
{
    private const int AtATime = 64;
    private const int Restarted = 2;

    private readonly byte[] _value = new byte[256];
    private readonly List<Figure> _figures = [];

    public async Task<IReadOnlyList<Figure>> Measure(CancellationToken cancellationToken)
    {
        say("one group, so that everything was loaded once");
        await Create("kv/first", 0, cancellationToken);
        await PutUntilDone(silos.Grains(0), "kv/first", cancellationToken);
        var before = Heap();

        say($"{plan.Groups} groups are created");
        var created = Stopwatch.GetTimestamp();
        await ForEachGroup(group => Create(Name(group), group, cancellationToken), cancellationToken);
        Add($"creating {plan.Groups} groups", Stopwatch.GetElapsedTime(created).TotalSeconds, "s", 30);

        say("they become idle");
        await Task.Delay(plan.Settling, cancellationToken);
        Add("managed heap per node", (Heap() - before) / (3.0 * plan.Groups) / 1024, "KiB", 6);
        Add("idle CPU", await IdleCpu(cancellationToken) * 100, "% of a core", 3);
        await LeadersPerSilo(cancellationToken);
        foreach (var clients in plan.Clients)
        {
            await Writes(clients);
        }

        await Restart(cancellationToken);
        return _figures;
    }

    private static string Name(int group) => $"kv/group-{group.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The first address founds, and leads first.</summary>
    private async Task Create(string name, int number, CancellationToken cancellationToken)
    {
        var group = silos.Grains(number % 3).GetRaftGroup(name);
        group.Timeout = TimeSpan.FromMinutes(5);
        await group.Create([.. Enumerable.Range(0, 3).Select(member => $"{member + 1}@{SiloSettings.Names[(number + member) % 3]}")], null, cancellationToken);
    }

    private async Task PutUntilDone(IGrainFactory grains, string name, CancellationToken cancellationToken)
    {
        while (!await Put(new KeyValueStore(grains.GetRaftGroup(name)), "key"))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private Task ForEachGroup(Func<int, Task> work, CancellationToken cancellationToken) =>
        Parallel.ForAsync(0, plan.Groups, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken }, async (group, _) => await work(group));

    private static long Heap()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private async Task<double> IdleCpu(CancellationToken cancellationToken)
    {
        say("idle CPU");
        var (cpu, started) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        await Task.Delay(plan.Window, cancellationToken);
        return (Environment.CpuUsage.TotalTime - cpu) / Stopwatch.GetElapsedTime(started);
    }

    private async Task LeadersPerSilo(CancellationToken cancellationToken)
    {
        say("who leads");
        var leaders = (await Look(cancellationToken)).Groups.Where(group => group.Leader.Length > 0).CountBy(group => group.Leader.Split('@')[1]).ToDictionary();
        foreach (var silo in SiloSettings.Names)
        {
            Add($"groups that {silo} leads", leaders.GetValueOrDefault(silo), "groups");
        }
    }

    private async Task Writes(int clients)
    {
        say($"writes of {clients} clients");
        var one = await Load([new KeyValueStore(silos.Grains(0).GetRaftGroup(Name(0)))], clients);
        var many = await Load([.. Enumerable.Range(0, Math.Min(plan.Active, plan.Groups)).Select(group => new KeyValueStore(silos.Grains(group % 3).GetRaftGroup(Name(group))))], clients);
        Add($"writes to one group, {clients} clients", one.PerSecond, "per s");
        Add($"writes to {Math.Min(plan.Active, plan.Groups)} groups, {clients} clients", many.PerSecond, "per s");
        Add($"the same as a ratio, {clients} clients", many.PerSecond / one.PerSecond, "x", 1, isAtMost: false);
        Add($"writes that lost their leader and were repeated, {clients} clients", one.Repeated + many.Repeated, "writes");
    }

    /// <summary>Each request goes to the next group. On a machine that is too busy leaders change: a write without an outcome is repeated, which does no harm.</summary>
    private async Task<(double PerSecond, int Repeated)> Load(List<KeyValueStore> stores, int clients)
    {
        var (next, repeated) = (-1, 0);
        var keys = Enumerable.Range(0, clients).Select(client => $"key-{client}").ToList();
        await ClosedLoop.Run(Request, clients, plan.Window);
        return ((await ClosedLoop.Run(Request, clients, plan.Window)).PerSecond, repeated);

        async Task Request(int client)
        {
            var store = stores[(int)((uint)Interlocked.Increment(ref next) % (uint)stores.Count)];
            while (!await Put(store, keys[client]))
            {
                Interlocked.Increment(ref repeated);
            }
        }
    }

    private async Task<bool> Put(KeyValueStore store, string key)
    {
        try
        {
            await store.Put(key, _value);
            return true;
        }
        catch (Exception failure) when (failure is OutcomeUnknownException or GroupUnavailableException)
        {
            return false;
        }
    }

    private async Task Restart(CancellationToken cancellationToken)
    {
        say("a silo stops");
        await silos.Stop(Restarted);
        say("and starts again");
        var began = Stopwatch.GetTimestamp();
        await silos.Begin(Restarted);
        Add("restart of a silo: until it is active", Stopwatch.GetElapsedTime(began).TotalSeconds, "s");
        await ForEachGroup(group => PutUntilDone(silos.Grains(Restarted), Name(group), cancellationToken), cancellationToken);
        Add("restart of a silo: until it wrote to all groups", Stopwatch.GetElapsedTime(began).TotalSeconds, "s", 10);
        while ((await Look(cancellationToken)).Groups.Any(group => group.Health != GroupHealth.Healthy))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }

        Add("restart of a silo: until every group is healthy", Stopwatch.GetElapsedTime(began).TotalSeconds, "s");
    }

    private Task<ClusterReport> Look(CancellationToken cancellationToken)
    {
        var cluster = silos.Grains(0).GetRaftCluster();
        (cluster.Patience, cluster.Timeout) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2));
        return cluster.Look(cancellationToken);
    }

    private void Add(string measure, double value, string unit, double? goal = null, bool isAtMost = true) => _figures.Add(new Figure(measure, value, unit, goal, isAtMost));
}

/// <summary>How much of it.</summary>
/// <param name="Groups">How many groups there are.</param>
/// <param name="Active">To how many of them is written.</param>
/// <param name="Clients">How many writes are under way at once.</param>
/// <param name="Settling">How long the groups are left alone before they count as idle.</param>
/// <param name="Window">How long the idle CPU, and each load, is measured.</param>
internal sealed record GroupsPlan(int Groups, int Active, IReadOnlyList<int> Clients, TimeSpan Settling, TimeSpan Window);
