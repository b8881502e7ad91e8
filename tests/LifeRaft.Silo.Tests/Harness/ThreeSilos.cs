namespace LifeRaft.Silo.Tests;

/// <summary><c>silo-1.json</c> to <c>silo-3.json</c> as three processes, with ports that are free here.</summary>
internal sealed class ThreeSilos : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, SiloPlace> _places;
    private readonly Dictionary<string, SiloProcess> _running = [];

    private ThreeSilos(IReadOnlyDictionary<string, string> more)
    {
        string[] names = ["silo-1", "silo-2", "silo-3"];
        var voters = names.ToDictionary(name => $"LIFERAFT_Clustering__LifeRaft__Voters__{name}", _ => $"127.0.0.1:{Ports.Next()}");
        var all = voters.Concat(more).ToDictionary();
        _places = names.ToDictionary(name => name, name => new SiloPlace(Repository.SiloConfig($"{name}.json"), _folder.Path) { More = all });
    }

    public IReadOnlyCollection<string> Names => _places.Keys;

    public IEnumerable<int> Gateways => _places.Values.Select(place => place.GatewayPort);

    public SiloProcess this[string name] => _running[name];

    /// <param name="more">What the environment of each says besides.</param>
    public static async Task<ThreeSilos> Start(IReadOnlyDictionary<string, string>? more = null)
    {
        var silos = new ThreeSilos(more ?? new Dictionary<string, string>());
        try
        {
            foreach (var name in silos.Names)
            {
                silos.Begin(name);
            }

            await Task.WhenAll(silos._running.Values.Select(silo => silo.Ready()));
            return silos;
        }
        catch
        {
            await silos.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one of them.</summary>
    /// <param name="name">Which.</param>
    /// <param name="arguments">Besides its file.</param>
    public SiloProcess Begin(string name, params string[] arguments) => _running[name] = SiloProcess.Start(_places[name], arguments);

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _running.Values)
        {
            await silo.DisposeAsync();
        }

        _folder.Dispose();
    }
}
