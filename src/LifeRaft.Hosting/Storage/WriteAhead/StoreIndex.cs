using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>What the store holds, as of the last durable record. Changed by the writer only.</summary>
internal sealed class StoreIndex
{
    private readonly Dictionary<long, NodeIndex> _nodes = [];

    /// <summary>How often the store was opened.</summary>
    public long StartCount { get; set; }

    /// <summary>A node that is new gets it; no number is used twice.</summary>
    public long NextNumber { get; set; } = 1;

    public HashSet<GroupId> DeletedGroups { get; } = [];

    public IEnumerable<NodeIndex> Nodes => _nodes.Values;

    public NodeIndex? Find(long number) => _nodes.GetValueOrDefault(number);

    /// <summary>The node of that number, known or not.</summary>
    public NodeIndex Node(long number)
    {
        if (!_nodes.TryGetValue(number, out var node))
        {
            _nodes[number] = node = new NodeIndex(number);
        }

        return node;
    }

    public void Remove(long number)
    {
        if (_nodes.Remove(number, out var node))
        {
            node.Clear();
        }
    }
}
