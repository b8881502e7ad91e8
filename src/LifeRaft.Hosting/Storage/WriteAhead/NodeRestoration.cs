using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>Reads what a claim returns.</summary>
internal sealed class NodeRestoration(string description, string name, NodeIndex node)
{
    /// <exception cref="LogStoreCorruptException">Entries are missing or damaged.</exception>
    public RestoredNode Read()
    {
        if (node.Gap() is { } missing)
        {
            throw Corrupt($"its log goes from {node.Base} to {node.Last}, but entry {missing} is missing");
        }

        var covered = node.Snapshot?.Index ?? LogIndex.Zero;
        if (node.Base.Index > covered || node.Last < covered)
        {
            throw Corrupt($"its log goes from {node.Base} to {node.Last}, but its snapshot ends at {covered}");
        }

        var entries = new StoredEntries(description, name, node);
        return new RestoredNode(
            node.Identity,
            node.HardState,
            node.Last,
            node.TermStarts(),
            [.. node.Configurations().Select(index => entries.Read(index, index, long.MaxValue, CancellationToken.None)[0])])
        {
            Base = node.Base,
            Snapshot = node.Snapshot,
        };
    }

    private LogStoreCorruptException Corrupt(string reason) => new(
        $"{description}: the records of node {name} are damaged: {reason}. Nothing was skipped or repaired. End this node and let it join again: its group has what it held.");
}
