using System.Collections.Concurrent;
using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// Sends messages as one-way grain calls. Nothing is sent to a silo that is not running: Orleans would log an error with a stack trace
/// for each message.
/// </summary>
internal sealed class GrainPeerTransport(IGrainFactory grains, RunningSilos silos) : IPeerTransport
{
    private readonly ConcurrentDictionary<string, Peer> _peers = new();

    public bool SharesOrleansConnections => true;

    public void Send(string from, string to, RaftMessage message)
    {
        var peer = _peers.GetOrAdd(to, static (endpoint, grains) => new Peer(grains.GetGrain<IRaftPeer>(GrainId.Parse(endpoint)), SiloLink.SiloOf(endpoint)), grains);
        if (silos.Find(peer.Silo) is not null)
        {
            peer.Grain.Deliver(new PeerFrame(from, message)).AsTask().Ignore();
        }
    }

    private sealed record Peer(IRaftPeer Grain, string Silo);
}
