using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LifeRaft.Benchmarks;

/// <summary>Three silos that are processes, and an Orleans client in this one.</summary>
internal sealed class LifeRaftProcesses : ISystem
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    private readonly string _directory = Directory.CreateTempSubdirectory("liferaft-benchmarks-").FullName;
    private readonly Dictionary<string, Silo> _silos = [];
    private IReadOnlyList<SiloSettings> _settings = [];
    private IHost? _client;

    private LifeRaftProcesses(string name) => Name = name;

    public string Name { get; }

    public IReadOnlyList<Workload> Workloads { get; private set; } = [];

    /// <summary>What the client asks with.</summary>
    public IGrainFactory Grains => _client!.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Starts them, with the log kept whole where that is wanted.</summary>
    public static async Task<LifeRaftProcesses> Start(string name, string log, bool keepsLog = false, int? mostPending = null)
    {
        var processes = new LifeRaftProcesses(name);
        try
        {
            processes._settings = SiloSettings.Three(processes._directory, log, keepsLog, mostPending);
            await Task.WhenAll(processes._settings.Select(silo => processes.Begin(silo.Name)));
            processes._client = await LifeRaftClient.Connect(processes._settings[0].Voters);
            var client = new LifeRaftClient(processes.Grains);
            await client.Form();
            processes.Workloads = [.. client.Writes(), client.Reads(), client.LeaseReads(), client.Mixed(), client.Calls(), await client.CallsBetweenSilos()];
            return processes;
        }
        catch
        {
            await processes.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a silo, and returns when it is one of the cluster.</summary>
    public async Task Begin(string silo)
    {
        var process = new Silo(_settings.Single(settings => settings.Name == silo));
        lock (_silos)
        {
            _silos[silo] = process;
        }

        await process.Ready();
    }

    /// <summary>kill -9.</summary>
    public ValueTask Kill(string silo) => _silos[silo].DisposeAsync();

    public async Task<Usage> Used() => (await Look()).Select(silo => silo.Used).Aggregate(Usage.OfThisProcess(), (sum, silo) => sum + silo);

    /// <summary>What the silos have in memory.</summary>
    public async Task<MemoryUse> Memory() => (await Look()).Select(silo => silo.Memory).Aggregate((sum, silo) => sum + silo);

    private Task<(Usage Used, MemoryUse Memory)[]> Look() => Task.WhenAll(_silos.Values.Select(silo => silo.Look().WaitAsync(_patience)));

    public async ValueTask DisposeAsync()
    {
        if (_client is { } client)
        {
            await client.StopAsync();
            client.Dispose();
        }

        foreach (var silo in _silos.Values)
        {
            await silo.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private sealed class Silo : IAsyncDisposable
    {
        private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ChildProcess _process;
        private TaskCompletionSource<(Usage, MemoryUse)> _seen = new();

        public Silo(SiloSettings settings) => _process = ChildProcess.Start("dotnet", [typeof(Silo).Assembly.Location, BenchmarkCommands.Silo, .. settings.ToArguments()], Heard);

        public async Task Ready()
        {
            try
            {
                await _ready.Task.WaitAsync(_patience);
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"A silo was not ready within {_patience.TotalSeconds} s. {_process.Said}");
            }
        }

        /// <summary>One question at a time.</summary>
        public async Task<(Usage Used, MemoryUse Memory)> Look()
        {
            _seen = new TaskCompletionSource<(Usage, MemoryUse)>(TaskCreationOptions.RunContinuationsAsynchronously);
            await _process.Tell("used");
            return await _seen.Task;
        }

        public ValueTask DisposeAsync() => _process.DisposeAsync();

        private void Heard(string line)
        {
            var words = line.Split(' ');
            if (line == "ready")
            {
                _ready.TrySetResult();
            }
            else if (words is ["used", .. var figures])
            {
                var all = figures.Select(figure => long.Parse(figure, CultureInfo.InvariantCulture)).ToList();
                _seen.TrySetResult((new Usage(TimeSpan.FromTicks(all[0]), all[1]), new MemoryUse(all[2], all[3])));
            }
        }
    }
}
