using System.Net;
using System.Net.Sockets;

namespace LifeRaft.Cli;

/// <summary>Looks the names of gateways up.</summary>
internal static class GatewayAddresses
{
    /// <summary>All addresses, since nobody knows which of a name's is listened on, and for each the gateway that it belongs to. What cannot be found is left out while there are others.</summary>
    /// <exception cref="UnreachableException">No name is known.</exception>
    public static async Task<IReadOnlyDictionary<IPEndPoint, Gateway>> Find(ClusterSettings settings, CancellationToken cancellationToken)
    {
        var found = new Dictionary<IPEndPoint, Gateway>();
        var problems = new List<string>();
        foreach (var (gateway, lookup) in settings.Gateways.Select(gateway => (gateway, LookUp(gateway, settings.Timeout, cancellationToken))).ToList())
        {
            try
            {
                foreach (var address in await lookup)
                {
                    found.TryAdd(new IPEndPoint(address, gateway.Port), gateway);
                }
            }
            catch (Exception failure) when (failure is SocketException or TimeoutException)
            {
                problems.Add($"{gateway.Host} ({failure.Message})");
            }
        }

        return found.Count > 0
            ? found
            : throw new UnreachableException($"No silo can be reached: no address is known for {string.Join(", ", problems)}. Correct --gateway or {ClusterArguments.GatewaysVariable}.");
    }

    private static async Task<IPAddress[]> LookUp(Gateway gateway, TimeSpan timeout, CancellationToken cancellationToken) =>
        IPAddress.TryParse(gateway.Host, out var address)
            ? [address]
            : await Dns.GetHostAddressesAsync(gateway.Host, cancellationToken).WaitAsync(timeout, cancellationToken);
}
