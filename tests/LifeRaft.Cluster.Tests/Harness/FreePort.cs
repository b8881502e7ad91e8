using System.Net;
using System.Net.Sockets;

namespace LifeRaft.Cluster.Tests;

internal static class FreePort
{
    /// <summary>A port of the loopback address that nobody listens on now.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>A port that nobody is given while its owner is down: below those that outgoing connections get.</summary>
    public static int Low()
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

    /// <summary>The first of some such ports that follow each other.</summary>
    public static int Row(int count)
    {
        while (true)
        {
            var port = Next();
            var listeners = Enumerable.Range(port, count).Select(each => new TcpListener(IPAddress.Loopback, each)).ToList();
            try
            {
                listeners.ForEach(listener => listener.Start());
                return port;
            }
            catch (Exception failure) when (failure is SocketException or ArgumentOutOfRangeException)
            {
                // Taken, or beyond the last one; another row.
            }
            finally
            {
                listeners.ForEach(listener => listener.Stop());
            }
        }
    }
}
