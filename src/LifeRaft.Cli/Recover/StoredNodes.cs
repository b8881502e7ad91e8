using LifeRaft.Hosting;
using LifeRaft.Storage.RocksDb;

namespace LifeRaft.Cli;

/// <summary>
/// What a disk holds, read without opening it for writing: it may be the last one that is left, and what is only said must not change it.
/// </summary>
internal static class StoredNodes
{
    /// <summary>Every node, ordered by name.</summary>
    /// <exception cref="LogStoreException">There is no store, it is open, or damaged.</exception>
    public static IReadOnlyList<StoredNode> Look(string directory)
    {
        using var store = ClosedStore.Open(directory);
        return [.. store.Nodes.Select(node => new StoredNode(node, store.Look(node)))];
    }

    /// <summary>One node.</summary>
    /// <exception cref="LogStoreException">There is no store, it is open, or damaged.</exception>
    /// <exception cref="InvalidRequestException">Nothing is stored for the node.</exception>
    public static StoredNode Look(string directory, string node)
    {
        using var store = ClosedStore.Open(directory);
        return new StoredNode(node, store.Look(node));
    }
}
