using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LifeRaft.Benchmarks;

/// <summary>Three silos in this process, that talk over TCP; who asks is in the leader's silo, as the code of an application is that runs in its grains.</summary>
internal sealed class LifeRaftInProcess : ISystem
{
    private readonly string _directory = Directory.CreateTempSubdirectory("liferaft-benchmarks-").FullName;
    private readonly List<IHost> _silos = [];

    private LifeRaftInProcess(string name) => Name = name;

    public string Name { get; }

    public IReadOnlyList<Workload> Workloads { get; private set; } = [];

    public static async Task<ISystem> Start(string name, string log)
    {
        var system = new LifeRaftInProcess(name);
        try
        {
            // They need each other to begin with.
            system._silos.AddRange(await Task.WhenAll(SiloSettings.Three(system._directory, log).Select(BenchmarkSilo.Start)));
            await new LifeRaftClient(Grains(system._silos[0])).Form();
            var leader = (await Grains(system._silos[0]).GetRaftGroup(SiloSettings.GroupName).Status()).First(node => node.State == Protocol.RaftState.Leader);
            var silo = system._silos[SiloSettings.Names.ToList().FindIndex(silo => leader.Address.EndsWith($"@{silo}", StringComparison.Ordinal))];
            system.Workloads = [.. new LifeRaftClient(Grains(silo)).Writes()];
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    public Task<Usage> Used() => Task.FromResult(Usage.OfThisProcess());

    public async ValueTask DisposeAsync()
    {
        // At once, not in good order: the last ones would wait for a majority of the membership table that has gone before them.
        await Task.WhenAll(_silos.Select(silo => silo.StopAsync(new CancellationToken(canceled: true))));
        _silos.ForEach(silo => silo.Dispose());

        Directory.Delete(_directory, recursive: true);
    }

    private static IGrainFactory Grains(IHost silo) => silo.Services.GetRequiredService<IGrainFactory>();
}
