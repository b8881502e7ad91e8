using System.Collections.Concurrent;

namespace LifeRaft.Hosting;

/// <summary>The sessions of the nodes that run on this silo. Used from any thread.</summary>
internal sealed class NodeSessions
{
    private readonly ConcurrentDictionary<NodeKey, NodeSession> _sessions = new();

    public IEnumerable<NodeSession> All => _sessions.Values;

    public NodeSession? Find(NodeKey node) => _sessions.GetValueOrDefault(node);

    public void Add(NodeSession session) => _sessions[session.Key] = session;

    public void Remove(NodeSession session) => _sessions.TryRemove(new(session.Key, session));
}
