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

    /// <summary>Founds the group, and returns when it has a leader.</summary>
    public async Task Form()
    {
        _group.Timeout = TimeSpan.FromMinutes(1);
        await _group.Create([.. SiloSettings.Names.Select((silo, index) => $"{index + 1}@{silo}")]);
        await new KeyValueStore(_group).Put(KeyOf(0), new byte[1]);
    }

    public Workload Writes(int valueBytes)
    {
        var store = new KeyValueStore(_group);
        var value = new byte[valueBytes];
        Random.Shared.NextBytes(value);
        return Workload.OfRequests("write", valueBytes, client => store.Put(KeyOf(client), value));
    }

    public Workload Reads(int valueBytes) => Reads("read", _group, valueBytes);

    public Workload LeaseReads(int valueBytes) => Reads("read by lease", _byLease, valueBytes);

    /// <summary>Calls of a grain that does nothing.</summary>
    public Workload Calls(int valueBytes)
    {
        var grain = grains.GetGrain<IEchoGrain>(0);
        var value = new byte[valueBytes].AsImmutable();
        return Workload.OfRequests("client calls grain", valueBytes, _ => grain.Echo(value));
    }

    /// <summary>Calls of a grain by a grain on another silo.</summary>
    public async Task<Workload> CallsBetweenSilos(int valueBytes)
    {
        var silos = (await grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Keys.Take(2).ToList();
        var caller = await On(silos[0], 1);
        var called = await On(silos[1], 2);
        return new Workload("grain calls grain", valueBytes, (clients, duration) => caller.Call(called, valueBytes, clients, duration));

        async Task<IEchoGrain> On(SiloAddress silo, int key)
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
            var grain = grains.GetGrain<IEchoGrain>(key);
            await grain.Echo(new byte[1].AsImmutable());
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
            return grain;
        }
    }

    private static Workload Reads(string name, RaftGroup group, int valueBytes)
    {
        var store = new KeyValueStore(group);
        return Workload.OfRequests(name, valueBytes, client => store.Get(KeyOf(client)));
    }

    private static RaftGroup ByLease(IGrainFactory grains)
    {
        var group = grains.GetRaftGroup(SiloSettings.GroupName);
        group.Reads = ReadConsistency.Lease;
        return group;
    }

    private static string KeyOf(int client) => $"key-{client % Keys}";
}
