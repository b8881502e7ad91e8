using System.Collections.Concurrent;

namespace LifeRaft.Hosting;

/// <summary>A node is named, and can be found by its name from now on.</summary>
internal sealed record NodeListed(NodeNamed Named, ConcurrentDictionary<string, NodeIndex> Nodes) : StoreRecord
{
    public override void Apply(StoreIndex index)
    {
        Named.Apply(index);
        Nodes[Named.Name] = index.Node(Named.Number);
    }
}
