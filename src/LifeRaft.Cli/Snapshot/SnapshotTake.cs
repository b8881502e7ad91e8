using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary><c>snapshot take</c>.</summary>
internal static class SnapshotTake
{
    private static readonly Option<string> _group = GroupOption.Create("kv/orders");

    private static readonly Option<string?> _node = NodeChoice.Option("that takes it");

    public static Command Create()
    {
        var command = new Command("take", "Lets a node take a snapshot now and compact its log behind it, as it does by itself from time to time. It stays on the node.") { _group, _node };
        ClusterArguments.AddTo(command);
        command.Runs(Run);
        return command;
    }

    private static async Task<int> Run(CommandRun run)
    {
        await using var connection = await run.Connect();
        var group = connection.Group(run.Get(_group)!);
        var address = await NodeChoice.Of(group, run.Get(_node), run.CancellationToken);
        var node = await group.Node(address, run.CancellationToken);
        var taken = await DirectRequest.Change(address, "The snapshot", () => node.TakeSnapshot().WaitAsync(run.CancellationToken));
        run.Write(
            new { node = address, index = taken.Index.Value, bytes = taken.Bytes },
            taken.Index.Value == 0 ? $"{address} has applied nothing yet, so there is nothing to take." : $"{address} has a snapshot up to entry {taken.Index}, of {taken.Bytes} bytes.");
        return ExitCodes.Done;
    }
}
