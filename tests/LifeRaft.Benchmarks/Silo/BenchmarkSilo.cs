using System.Net;
using LifeRaft.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace LifeRaft.Benchmarks;

/// <summary>A silo as an application would have it: every setting that is not named here is the default.</summary>
internal static class BenchmarkSilo
{
    public const string Cluster = "benchmark";

    public static async Task<IHost> Start(SiloSettings settings)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        // Who stops all silos of a cluster leaves the last ones without the membership table: what they say of it then is no news.
        var stopping = CancellationToken.None;
        builder.Logging.AddSimpleConsole().AddFilter(level => level >= LogLevel.Error && !stopping.IsCancellationRequested);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.UseOrleans(silo => silo
            .UseLifeRaftClustering(options => Add(settings.Voters, options))
            .ConfigureEndpoints(IPAddress.Loopback, settings.Port, settings.Gateway, listenOnAnyHostAddress: false)
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (Cluster, Cluster))
            .Configure<SiloOptions>(options => options.SiloName = settings.Name)
            .AddLifeRaft(raft => UseLog(raft.AddStateMachine<KeyValueMachine>("kv"), settings), raft => Set(raft, settings)));
        var host = builder.Build();
        stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        await host.StartAsync();
        return host;
    }

    public static void Add(IReadOnlyDictionary<string, string> voters, LifeRaftClusteringOptions options)
    {
        foreach (var (silo, endPoint) in voters)
        {
            options.Voters[silo] = endPoint;
        }
    }

    /// <summary>The process: says <c>ready</c>, answers each line with what it has used and has in memory, and ends with its standard input.</summary>
    public static async Task Run(SiloSettings settings)
    {
        using var host = await Start(settings);
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is not null)
        {
            var (used, memory) = (Usage.OfThisProcess(), MemoryUse.OfThisProcess());
            Console.WriteLine($"used {used.Cpu.Ticks} {used.AllocatedBytes} {memory.HeapBytes} {memory.WorkingSetBytes}");
        }

        await host.StopAsync();
    }

    private static void UseLog(LifeRaftBuilder raft, SiloSettings settings) =>
        _ = settings.Log == "wal" ? raft.UseWriteAheadLog(settings.Data) : raft.UseRocksDbLog(settings.Data);

    private static void Set(RaftOptions raft, SiloSettings settings)
    {
        if (settings.KeepsLog)
        {
            (raft.SnapshotAfterEntries, raft.SnapshotAfterBytes, raft.EntriesKeptBehindSnapshot) = (1_000_000_000, 1L << 40, 0);
        }

        raft.MaximumPendingPerNode = settings.MostPending ?? raft.MaximumPendingPerNode;
    }

    /// <summary>The benchmark ends its silos; no signal and no message on the console does.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
