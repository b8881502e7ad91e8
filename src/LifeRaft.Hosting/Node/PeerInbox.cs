using System.Collections.Concurrent;
using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>The nodes that run on this silo, by endpoint: where a transport hands in what has arrived.</summary>
/// <remarks>
/// Nothing is dropped here, for the leader's window bounds what can lie in an inbox: MaximumAppendsInFlight appends and
/// MaximumSnapshotPartsInFlight parts of a snapshot. What the leader takes for lost it sends again, as one append, only once the follower
/// has answered two heartbeats that it was sent later, and those lie behind the appends: a follower that stands still is sent nothing
/// twice. A new leader sends one append before the first answer. The rest, heartbeats and votes, is small and comes at the timers' pace.
/// </remarks>
public sealed class PeerInbox
{
    private readonly ConcurrentDictionary<string, NodePump> _pumps = new();

    /// <summary>Gives a message to the node of that endpoint. Returns false, and does nothing, when it does not run here.</summary>
    public bool Deliver(string from, string to, RaftMessage message)
    {
        if (!_pumps.TryGetValue(to, out var pump))
        {
            return false;
        }

        pump.Post(new MessageArrived(from, message));
        return true;
    }

    /// <summary>Gives a message to the node of that endpoint as if it had arrived, and returns the node's answer.</summary>
    internal Task<RaftMessage> Ask(string to, RaftMessage message) => _pumps[to].Ask(message);

    internal IEnumerable<NodePump> Pumps => _pumps.Values;

    internal NodePump? Find(string endpoint) => _pumps.GetValueOrDefault(endpoint);

    internal void Add(string endpoint, NodePump pump) => _pumps[endpoint] = pump;

    internal void Remove(string endpoint, NodePump pump) => _pumps.TryRemove(new(endpoint, pump));

    internal void HaltAll()
    {
        foreach (var pump in _pumps.Values)
        {
            pump.Halt();
        }
    }
}
