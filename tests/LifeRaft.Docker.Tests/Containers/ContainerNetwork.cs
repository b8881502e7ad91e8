using System.Globalization;
using System.Net;

namespace LifeRaft.Docker.Tests;

/// <summary>
/// A network of its own, as Compose makes one: a bridge, and a network namespace with an address for each container. The bridge lives in a
/// namespace, too, so the machine's own network is not touched and two runs never meet.
/// </summary>
internal sealed class ContainerNetwork : IDisposable
{
    private const string Prefix = "liferaft-test";
    private static int _count;

    private readonly IPNetwork _subnet;
    private readonly List<string> _namespaces = [];
    private readonly string _hub;

    public ContainerNetwork(IPNetwork subnet)
    {
        _subnet = subnet;
        RemoveOrphans();
        _hub = Add("hub");
        Ip("-n", _hub, "link", "add", "bridge", "type", "bridge");
        Ip("-n", _hub, "link", "set", "bridge", "up");
    }

    /// <summary>Adds a host and returns its namespace.</summary>
    /// <param name="name">At most 15 characters; its cable has the same name.</param>
    /// <param name="address">In the subnet.</param>
    public string Attach(string name, IPAddress address)
    {
        var host = Add(name);
        Ip("-n", host, "link", "set", "lo", "up");
        Ip("-n", host, "link", "add", "eth0", "type", "veth", "peer", "name", name, "netns", _hub);
        Ip("-n", _hub, "link", "set", name, "master", "bridge", "up");
        Ip("-n", host, "addr", "add", $"{address}/{_subnet.PrefixLength}", "dev", "eth0");
        Ip("-n", host, "link", "set", "eth0", "up");
        return host;
    }

    /// <summary>Gives a host another address in the place of the one that it has, as a pod gets one with each start.</summary>
    public void Move(string host, IPAddress address)
    {
        Ip("-n", host, "addr", "flush", "dev", "eth0");
        Ip("-n", host, "addr", "add", $"{address}/{_subnet.PrefixLength}", "dev", "eth0");
    }

    /// <summary>Pulls the cable of a host: what it sends and what is sent to it is lost, and nobody is told.</summary>
    public void Cut(string name) => Ip("-n", _hub, "link", "set", name, "down");

    public void Mend(string name) => Ip("-n", _hub, "link", "set", name, "up");

    public void Dispose() => _namespaces.ForEach(Remove);

    private string Add(string name)
    {
        var full = $"{Prefix}-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}-{name}";
        Ip("netns", "add", full);
        _namespaces.Add(full);
        return full;
    }

    /// <summary>Those of test runs that were killed: nobody else would ever remove them.</summary>
    private static void RemoveOrphans()
    {
        foreach (var name in Shell.Run("ip", "netns", "list").Output.Split('\n').Select(line => line.Split(' ')[0]).Where(name => name.StartsWith(Prefix + "-", StringComparison.Ordinal)))
        {
            if (!Directory.Exists($"/proc/{int.Parse(name.Split('-')[2], CultureInfo.InvariantCulture)}"))
            {
                Remove(name);
            }
        }
    }

    /// <summary>Ends what still runs in a namespace, and removes it with its devices.</summary>
    private static void Remove(string name)
    {
        foreach (var process in Shell.Run("ip", "netns", "pids", name).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Shell.Run("kill", "-9", process);
        }

        Shell.Run("ip", "netns", "delete", name);
    }

    private static void Ip(params string[] arguments) => Shell.Run("ip", arguments).OrFail($"ip {string.Join(' ', arguments)}");
}
