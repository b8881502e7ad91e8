using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.Runtime.Placement;

namespace LifeRaft.Benchmarks;

/// <summary>What is asked of silos through one grain factory: that of an Orleans client, or of a silo.</summary>
internal sealed class LifeRaftClient(IGrainFactory grains)
{
    private const int Keys = 1000;

    private readonly RaftGroup _group = grains.GetRaftGroup(SiloSettings.GroupName);
    private readonly RaftGroup _byLease = ByLease(grains);

    /// <summary>An Orleans client of the silos.</summary>
    public static async Task<IHost> Connect(IReadOnlyDictionary<string, string> voters)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleansClient(client => client
            .UseLifeRaftClustering(options => BenchmarkSilo.Add(voters, options))
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (BenchmarkSilo.Cluster, BenchmarkSilo.Cluster)));
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>Founds the group, and returns when it has a leader and every key that is read.</summary>
    public async Task Form()
    {
        _group.Timeout = TimeSpan.FromMinutes(1);
        await _group.Create([.. SiloSettings.Names.Select((silo, index) => $"{index + 1}@{silo}")]);
        var store = new KeyValueStore(_group);
        var value = Values.OfLength(Values.UsualBytes);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Keys),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (key, _) => await Written(() => store.Put(KeyOf(key, value.Length), value)));
    }

    /// <summary>Silos that are still being compiled may lose a leader; the same value written again is the same value.</summary>
    private static async Task Written(Func<Task> write)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await write();
                return;
            }
            catch (RaftException) when (attempt < 10)
            {
                // The next attempt looks for the leader.
            }
        }
    }

    /// <summary>Writes of every length.</summary>
    public IEnumerable<Workload> Writes()
    {
        var store = new KeyValueStore(_group);
        return Values.Lengths.Select(bytes =>
        {
            var value = Values.OfLength(bytes);
            return Workload.OfRequests(Workload.Write, bytes, client => store.Put(KeyOf(client, bytes), value));
        });
    }

    public Workload Reads() => Reads(Workload.Read, _group);

    public Workload LeaseReads() => Reads(Workload.LeaseRead, _byLease);

    public Workload Mixed()
    {
        var store = new KeyValueStore(_group);
        var value = Values.OfLength(Values.UsualBytes);
        return Workload.OfMixed(value.Length, client => store.Get(KeyOf(client, value.Length)), client => store.Put(KeyOf(client, value.Length), value));
    }

    /// <summary>Calls of a grain that does nothing.</summary>
    public Workload Calls()
    {
        var grain = grains.GetGrain<IEchoGrain>(0);
        var value = new byte[Values.UsualBytes].AsImmutable();
        return Workload.OfRequests(Workload.ClientCalls, Values.UsualBytes, _ => grain.Echo(value));
    }

    /// <summary>Calls of a grain by a grain on another silo.</summary>
    public async Task<Workload> CallsBetweenSilos()
    {
        var silos = (await grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Keys.Take(2).ToList();
        var caller = await On(silos[0], 1);
        var called = await On(silos[1], 2);
        return new Workload(Workload.GrainCalls, Values.UsualBytes, (clients, duration) => caller.Call(called, Values.UsualBytes, clients, duration));

        async Task<IEchoGrain> On(SiloAddress silo, int key)
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
            var grain = grains.GetGrain<IEchoGrain>(key);
            await grain.Echo(new byte[1].AsImmutable());
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
            return grain;
        }
    }

    private static Workload Reads(string name, RaftGroup group)
    {
        var store = new KeyValueStore(group);
        return Workload.OfRequests(name, Values.UsualBytes, client => store.Get(KeyOf(client, Values.UsualBytes)));
    }

    private static RaftGroup ByLease(IGrainFactory grains)
    {
        var group = grains.GetRaftGroup(SiloSettings.GroupName);
        group.Reads = ReadConsistency.Lease;
        return group;
    }

    private static string KeyOf(int client, int valueBytes) => $"{valueBytes}-{client % Keys}";
}
