using System.Net;
using System.Text.Json.Nodes;

namespace LifeRaft.Docker.Tests;

/// <summary>The silos of compose.yaml, with nothing but what that file says of them.</summary>
internal sealed class ComposeCluster : IAsyncDisposable
{
    private readonly ComposeFile _file = new(ComposeFile.Silos);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("liferaft-compose-");
    private readonly Dictionary<string, string> _hosts = [];
    private readonly Dictionary<string, IPAddress> _addresses = [];
    private readonly Dictionary<string, Container> _containers = [];
    private readonly string _image;

    public ComposeCluster(string image)
    {
        _image = image;
        Network = new ContainerNetwork(IPNetwork.Parse(_file.Root.TextAt("networks/liferaft/ipam/config/0/subnet")));
        foreach (var (name, service) in _file.SiloServices)
        {
            _addresses[name] = IPAddress.Parse(service.TextAt("networks/liferaft/ipv4_address"));
            _hosts[name] = Network.Attach(name, _addresses[name]);
        }

        WriteNames();
    }

    public ContainerNetwork Network { get; }

    public IReadOnlyList<string> Names => [.. _hosts.Keys.Order()];

    public Container this[string name] => _containers[name];

    /// <summary><c>docker compose up --wait</c> of some silos, of all where none is named.</summary>
    public async Task Up(params string[] names)
    {
        foreach (var name in names.Length == 0 ? [.. Names] : names)
        {
            _containers[name] = Container.Start(SettingsOf(name, _file.Services[name]));
        }

        await AllHealthy();
    }

    /// <summary>Waits until all are healthy that were not stopped. One that ended by itself is started again, as the file's restart policy says.</summary>
    public async Task AllHealthy()
    {
        foreach (var name in _containers.Keys.ToList())
        {
            await Wait.For($"{name} is healthy", () => AskForHealth(name), answer => answer.ExitCode == 0, answer => $"{answer.Output}{Environment.NewLine}{Logs}");
        }
    }

    /// <summary><c>docker compose stop</c>: SIGTERM, and the patience that the file grants. Returns the exit code.</summary>
    public async Task<int> Stop(string name)
    {
        var code = await _containers[name].Stop(GoDuration.Parse(_file.Services[name].TextAt("stop_grace_period")));
        await _containers[name].DisposeAsync();
        _containers.Remove(name);
        return code;
    }

    /// <summary>Gives a silo that is down another address; the name is found there from now on.</summary>
    public void Move(string name, IPAddress address)
    {
        Network.Move(_hosts[name], address);
        _addresses[name] = address;
        WriteNames();
    }

    /// <summary>Logs of all, for the message of a failure.</summary>
    public string Logs => string.Join(Environment.NewLine, _containers.Select(each => $"--- {each.Key}{Environment.NewLine}{each.Value.Log}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var container in _containers.Values)
        {
            await container.DisposeAsync();
        }

        Network.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>Orleans ends a silo that it has counted among the dead, for instance while it was cut off: only a new process may join.</summary>
    private Answer AskForHealth(string name)
    {
        if (_containers[name].HasEnded && _file.Services[name].TextAt("restart") == "unless-stopped")
        {
            _containers[name] = Container.Start(SettingsOf(name, _file.Services[name]));
        }

        return _containers[name].Exec(ImageConfiguration.HealthCheck);
    }

    private ContainerSettings SettingsOf(string name, JsonNode service) => new()
    {
        Name = name,
        Image = _image,
        Network = _hosts[name],
        Environment = ComposeFile.EnvironmentOf(service).ToDictionary(
            variable => variable.Key,
            variable => variable.Key == "LIFERAFT_Silo__Address" ? $"{_addresses[name]}" : variable.Value),
        Mounts =
        [
            $"ro:{Path.Combine(_folder.FullName, "hosts")}:/etc/hosts",
            .. service["configs"]!.AsArray().Select(config => $"ro:{Tree.PathOf("docker")}/{_file.Section("configs")[config.TextAt("source")].TextAt("file")}:{config.TextAt("target")}"),
            .. service["volumes"].Texts().Select(volume => volume.Split(':')).Select(parts => $"rw:{VolumeOf(parts[0])}:{parts[1]}"),
            .. service["tmpfs"].Texts().Select(mount => $"tmpfs:{mount.Split(':')[0]}"),
            .. service.TextAt("read_only") == "true" ? ["read-only"] : Array.Empty<string>(),
        ],
    };

    /// <summary>Docker gives a new volume the owner that the folder has in the image.</summary>
    private string VolumeOf(string name)
    {
        var path = Path.Combine(_folder.FullName, name);
        if (!Directory.Exists(path))
        {
            Shell.Run("cp", "--archive", _image + ImageConfiguration.Volume, path).OrFail($"The volume {name}");
        }

        return path;
    }

    /// <summary>What Docker's name server answers. Written in place: the containers have this very file.</summary>
    private void WriteNames() =>
        File.WriteAllLines(Path.Combine(_folder.FullName, "hosts"), _addresses.Select(each => $"{each.Value} {each.Key}").Prepend("127.0.0.1 localhost"));
}
