using System.Diagnostics;
using System.Net;

namespace LifeRaft.TestSilo;

/// <summary>
/// What the silo is told over its standard input, a line each; it answers <c>done</c> and the line when that is so. The channel is the
/// one that no fault touches: <c>cut 127.0.0.1:20003</c>, <c>stall 127.0.0.1:20003 in|out</c>, <c>fail disk</c>, <c>fail sync</c>,
/// <c>heal</c>, <c>release locks</c>.
/// </summary>
/// <remarks>
/// The test holds the other end of the input. When the test dies, however it dies, the input ends, and no silo is left behind.
/// </remarks>
internal sealed class Orders(LinkFaults links, FaultyDevice device)
{
    /// <summary>Who uses locks here; null for nobody.</summary>
    public SiloLockClients? Clients { get; set; }

    public void Obey() => new Thread(Read) { IsBackground = true, Name = "obeys orders" }.Start();

    private void Read()
    {
        while (Console.In.ReadLine() is { } order)
        {
            Obey(order.Split(' '));
            Console.WriteLine($"done {order}");
        }

        // Nobody is left who would care how: a stop in good order waits for silos that are gone too.
        Process.GetCurrentProcess().Kill();
    }

    private void Obey(string[] order)
    {
        switch (order)
        {
            case ["cut", var peer]:
                links.Cut(IPEndPoint.Parse(peer));
                break;
            case ["stall", var peer, "in"]:
                links.Stall(IPEndPoint.Parse(peer), incoming: true);
                break;
            case ["stall", var peer, "out"]:
                links.Stall(IPEndPoint.Parse(peer), incoming: false);
                break;
            case ["fail", "disk"]:
                device.IsFull = true;
                break;
            case ["fail", "sync"]:
                device.LosesSyncs = true;
                break;
            case ["heal"]:
                links.Heal();
                break;
            case ["release", "locks"]:
                Clients?.DisposeAsync().AsTask().Wait();
                break;
            default:
                throw new ArgumentException($"'{string.Join(' ', order)}' is no order.");
        }
    }
}
