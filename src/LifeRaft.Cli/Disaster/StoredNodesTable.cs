using LifeRaft.Hosting;

namespace LifeRaft.Cli;

/// <summary>What a disk holds, as a table.</summary>
internal static class StoredNodesTable
{
    private static readonly Listing<StoredNode> _listing = new Listing<StoredNode>()
        .Column("node", node => node.Node)
        .Column("group", node => node.Identity.IsBlank ? "-" : $"{node.Identity.Group}")
        .Column("last term", node => $"{node.Last.Term}", isRight: true)
        .Column("last index", node => $"{node.Last.Index}", isRight: true)
        .Column("snapshot", node => $"{node.Snapshot}", isRight: true)
        .Column("members", node => string.Join(", ", node.Configuration.Everyone.Select(member => member.Address)));

    public static void Write(TextWriter output, IReadOnlyList<StoredNode> nodes)
    {
        if (nodes.Count == 0)
        {
            output.WriteLine("This disk holds no node.");
            return;
        }

        _listing.Write(output, OutputFormat.Table, nodes);
    }
}
