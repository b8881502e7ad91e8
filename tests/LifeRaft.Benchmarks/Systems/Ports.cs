using System.Net;
using System.Net.Sockets;

namespace LifeRaft.Benchmarks;

/// <summary>Ports of the loopback interface, below those that outgoing connections get.</summary>
internal static class Ports
{
    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; the next one.
            }
        }
    }
}
