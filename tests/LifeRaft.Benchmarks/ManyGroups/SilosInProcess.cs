using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LifeRaft.Benchmarks;

/// <summary>Three silos in this process, that talk over TCP, for groups of the benchmark's own.</summary>
internal sealed class SilosInProcess : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("liferaft-benchmarks-").FullName;
    private readonly IReadOnlyList<SiloSettings> _settings;
    private readonly IHost?[] _silos;

    private SilosInProcess(string log)
    {
        _settings = SiloSettings.Three(_directory, log);
        _silos = new IHost?[_settings.Count];
    }

    public static async Task<SilosInProcess> Start(string log)
    {
        var silos = new SilosInProcess(log);
        try
        {
            // They need each other to begin with.
            await Task.WhenAll(Enumerable.Range(0, silos._silos.Length).Select(silos.Begin));
            return silos;
        }
        catch
        {
            await silos.DisposeAsync();
            throw;
        }
    }

    /// <summary>The grains, as that silo's application sees them.</summary>
    public IGrainFactory Grains(int silo) => _silos[silo]!.Services.GetRequiredService<IGrainFactory>();

    public async Task Begin(int silo) => _silos[silo] = await BenchmarkSilo.Start(_settings[silo]);

    public async Task Stop(int silo)
    {
        if (_silos[silo] is { } host)
        {
            _silos[silo] = null;
            await host.StopAsync();
            host.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Enumerable.Range(0, _silos.Length).Select(Stop));
        Directory.Delete(_directory, recursive: true);
    }
}
