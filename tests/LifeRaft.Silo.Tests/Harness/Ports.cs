using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace LifeRaft.Silo.Tests;

/// <summary>Ports that nobody is given while the silo is down: below those that outgoing connections get, and each only once.</summary>
internal static class Ports
{
    private static readonly ConcurrentDictionary<int, bool> _given = [];

    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(13_000, 32_000);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                if (_given.TryAdd(port, true))
                {
                    return port;
                }
            }
            catch (SocketException)
            {
                // Taken; the next one.
            }
        }
    }
}
