using LifeRaft.Hosting;
using Spectre.Console;

namespace LifeRaft.Cli;

/// <summary>What a disk holds, as a table.</summary>
internal static class StoredNodesTable
{
    public static void Write(TextWriter output, IReadOnlyList<StoredNode> nodes)
    {
        if (nodes.Count == 0)
        {
            output.WriteLine("This disk holds no node.");
            return;
        }

        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns(
            new TableColumn("node").NoWrap(), new TableColumn("group").NoWrap(), new TableColumn("last term").RightAligned(), new TableColumn("last index").RightAligned(),
            new TableColumn("snapshot").RightAligned(), new TableColumn("members"));
        foreach (var node in nodes)
        {
            table.AddRow(
                Markup.Escape(node.Node),
                node.Identity.IsBlank ? "-" : $"{node.Identity.Group}",
                $"{node.Last.Term}",
                $"{node.Last.Index}",
                $"{node.Snapshot}",
                Markup.Escape(string.Join(", ", node.Configuration.Everyone.Select(member => member.Address))));
        }

        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) }).Write(table);
    }
}
