using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;

namespace LifeRaft.Hosting.Tests;

/// <summary>One silo of the bench: its log store, its part in the group, and Orleans' view of the table.</summary>
internal sealed class VoterBenchSilo : IAsyncDisposable
{
    private readonly BenchLifecycle _lifecycle = new();
    private readonly IRaftLogStore _store;
    private readonly ServiceProvider _services;
    private readonly SystemGroup _group;

    private VoterBenchSilo(IRaftLogStore store, ServiceProvider services)
    {
        (_store, _services) = (store, services);
        _group = services.GetRequiredService<SystemGroup>();
        Table = services.GetRequiredService<IMembershipTable>();
        _group.Participate(_lifecycle);
    }

    public IMembershipTable Table { get; }

    public Voter? Voter => _group.Voter;

    public static async Task<VoterBenchSilo> Start(string name, string cluster, MemoryDisk disk, ILoggerProvider log, Action<LifeRaftClusteringOptions> configure)
    {
        var store = MemoryLogStore.On(disk, NullLogger<MemoryLogStore>.Instance);
        await store.Open(CancellationToken.None);
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(log));
        services.Configure<SiloOptions>(options => options.SiloName = name);
        services.Configure<ClusterOptions>(options => options.ClusterId = cluster);
        services.Configure(configure);
        services.AddSingleton<IRaftLogStore>(store);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<SystemGroup>();
        services.AddSingleton<IMembershipTable, LifeRaftMembershipTable>();
        var silo = new VoterBenchSilo(store, services.BuildServiceProvider());
        await silo._lifecycle.OnStart();
        return silo;
    }

    /// <summary>The node's id, when it has one.</summary>
    public async Task<string> Member() => (await Voter!.Look()).Identity.Member.ToString();

    public async ValueTask DisposeAsync()
    {
        await _lifecycle.OnStop();
        await _store.DisposeAsync();
        await _services.DisposeAsync();
    }

    private sealed class BenchLifecycle() : LifecycleSubject(NullLogger.Instance), ISiloLifecycle
    {
        public int HighestCompletedStage => 0;

        public int LowestStoppedStage => 0;
    }
}
