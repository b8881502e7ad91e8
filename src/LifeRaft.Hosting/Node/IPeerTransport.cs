using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// Carries messages between nodes; one for all nodes of a silo. Replace the one that is registered to send them over a link of your
/// own, and hand what arrives to <see cref="PeerInbox"/>.
/// </summary>
public interface IPeerTransport
{
    /// <summary>
    /// Sends a message, or drops it: it may be lost, doubled or overtaken. Must return at once and must not throw; a peer that cannot
    /// be reached is simply not answered.
    /// </summary>
    /// <param name="from">The endpoint of the sending node, to which answers go.</param>
    /// <param name="to">The endpoint of the receiving node.</param>
    /// <param name="message">The message.</param>
    void Send(string from, string to, RaftMessage message);

    /// <summary>
    /// Whether the messages go over the connections of Orleans, so that they get through exactly when calls of grains do. Groups can be
    /// quiet only then (<see cref="RaftOptions.QuietGroups"/>): what the silos say to each other instead of heartbeats are such calls.
    /// </summary>
    /// <value>False for a link of your own, whose groups therefore send heartbeats.</value>
    bool SharesOrleansConnections => false;
}
