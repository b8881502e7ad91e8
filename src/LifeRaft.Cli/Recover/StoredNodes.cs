using LifeRaft.Hosting;
using LifeRaft.Protocol;
using LifeRaft.Storage.RocksDb;

namespace LifeRaft.Cli;

/// <summary>
/// What a disk holds, read without opening it for writing: it may be the last one that is left, and what is only said must not change it.
/// </summary>
internal static class StoredNodes
{
    /// <summary>One node.</summary>
    /// <exception cref="LogStoreException">There is no store, it is open, or damaged.</exception>
    /// <exception cref="InvalidRequestException">Nothing is stored for the node.</exception>
    public static StoredNode Look(string directory, string node)
    {
        using var store = ClosedStore.Open(directory);
        return new StoredNode(node, store.Look(node));
    }

    /// <summary>Finds out before anything is done whether a node can be founded in a directory, which may be new.</summary>
    /// <exception cref="LogStoreException">Its store is open, or damaged.</exception>
    /// <exception cref="InvalidRequestException">Something is stored for the node already.</exception>
    public static void ThrowIfTaken(string directory, string node)
    {
        if (!Directory.Exists(directory) || !Directory.EnumerateFiles(directory).Any())
        {
            return;
        }

        using var store = ClosedStore.Open(directory);
        if (store.Nodes.Contains(node) && store.Look(node) is var found && (!found.Identity.IsBlank || found.Last != LogIndex.Zero))
        {
            throw new InvalidRequestException($"{store.Description} holds a node '{node}' of a group already. Nothing was changed; restore into another node, or forget that one first.");
        }
    }
}
