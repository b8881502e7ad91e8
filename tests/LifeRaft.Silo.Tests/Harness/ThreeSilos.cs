using Microsoft.Extensions.Configuration;

namespace LifeRaft.Silo.Tests;

/// <summary><c>silo-1.json</c> to <c>silo-3.json</c> as three processes, with ports that are free here; over TLS where there is an authority.</summary>
internal sealed class ThreeSilos : IAsyncDisposable
{
    /// <summary>A name that the certificates of all of them carry.</summary>
    public const string SilosName = "silos.liferaft";

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, SiloPlace> _places;
    private readonly Dictionary<string, SiloProcess> _running = [];

    private ThreeSilos(IReadOnlyDictionary<string, string> more, TestAuthority? authority, string? file)
    {
        string[] names = ["silo-1", "silo-2", "silo-3"];
        VoterPorts = [.. names.Select(_ => Ports.Next())];
        var voters = names.Zip(VoterPorts, (name, port) => (Name: name, EndPoint: $"127.0.0.1:{port}")).ToList();
        Clustering = new ConfigurationBuilder().AddInMemoryCollection(voters.ToDictionary(voter => $"Voters:{voter.Name}", voter => (string?)voter.EndPoint)).Build();
        var all = voters.ToDictionary(voter => $"LIFERAFT_Clustering__LifeRaft__Voters__{voter.Name}", voter => voter.EndPoint).Concat(more).ToDictionary();
        _places = names.ToDictionary(name => name, name => new SiloPlace(file ?? Repository.SiloConfig($"{name}.json"), _folder.Path)
        {
            More = new Dictionary<string, string>(all.Concat(authority is null ? [] : CertificateFiles.Give(_folder, authority, name, also: SilosName)))
            {
                ["LIFERAFT_Silo__Name"] = name,
                ["LIFERAFT_Log__Directory"] = LogOf(name),
            },
            Scheme = authority is null ? "http" : "https",
        });
    }

    /// <summary>What a client is told of the voters, as a section of its configuration.</summary>
    public IConfiguration Clustering { get; }

    public IReadOnlyList<int> VoterPorts { get; }

    public IReadOnlyCollection<string> Names => _places.Keys;

    public IEnumerable<int> Gateways => _places.Values.Select(place => place.GatewayPort);

    /// <summary>Where the silos were started.</summary>
    public TemporaryFolder Folder => _folder;

    public SiloProcess this[string name] => _running[name];

    /// <summary>Where its log lies, below <see cref="Folder"/>.</summary>
    public static string LogOf(string name) => $"data/{name}";

    public SiloPlace PlaceOf(string name) => _places[name];

    /// <param name="more">What the environment of each says besides.</param>
    /// <param name="authority">Gives each a certificate; null for no TLS.</param>
    /// <param name="file">What all are started from; null for one of <c>silo-config/</c> each.</param>
    public static async Task<ThreeSilos> Start(IReadOnlyDictionary<string, string>? more = null, TestAuthority? authority = null, string? file = null)
    {
        var silos = new ThreeSilos(more ?? new Dictionary<string, string>(), authority, file);
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
