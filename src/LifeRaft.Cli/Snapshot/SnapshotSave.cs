using System.CommandLine;
using LifeRaft.Protocol;

namespace LifeRaft.Cli;

/// <summary><c>snapshot save</c>.</summary>
internal static class SnapshotSave
{
    // A node that takes one snapshot after the other could otherwise be followed for ever.
    private const int Attempts = 5;

    private static readonly Argument<string> _file = new("file") { Description = "The file to write. It must not be there yet." };

    private static readonly Option<string> _group = GroupOption.Create("kv/orders");

    private static readonly Option<string?> _node = NodeChoice.Option("whose state is saved");

    public static Command Create()
    {
        var command = new DetailedCommand(
            "save",
            "Saves the state of a group to a file.",
            "A node takes a snapshot now, and sends it in parts. It holds everything that was committed before, "
            + "if the node is the leader; another node may be behind, and says up to which entry.")
        {
            _file, _group, _node,
        };
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
        var status = await DirectRequest.Read(address, () => node.Status().WaitAsync(run.CancellationToken));
        await using var file = SnapshotFileWriter.Create(run.Get(_file)!);
        if ((await DirectRequest.Read(address, () => node.TakeSnapshot().WaitAsync(run.CancellationToken))).Index == LogIndex.Zero)
        {
            await run.Error.WriteLineAsync($"{address} has applied nothing yet, so there is nothing to save.");
            return ExitCodes.Failed;
        }

        var download = new SnapshotDownload(node.AsReference<IRaftRequests>());
        SnapshotFileHeader? saved = null;
        await ProgressBar.While(run, "saving", async progress =>
        {
            for (var attempt = 1; saved is null && attempt <= Attempts; attempt++)
            {
                file.Restart();
                saved = await DirectRequest.Read(address, () => download.To(file, header => Header(group.Name, address, status, header), progress, run.CancellationToken));
            }

            return saved;
        });
        if (saved is null)
        {
            await run.Error.WriteLineAsync($"{address} has taken another snapshot before one was saved, {Attempts} times. Try again, or save from another node with --node.");
            return ExitCodes.Failed;
        }

        var hash = await file.Complete(run.CancellationToken);
        run.Write(
            new { file = run.Get(_file), sha256 = hash, header = saved },
            $"The state of {group.Name} up to entry {saved.Index}, as {address} has it, is saved to {run.Get(_file)} ({saved.Bytes} bytes, SHA-256 {hash}).");
        return ExitCodes.Done;
    }

    private static SnapshotFileHeader Header(GroupName group, string node, NodeStatus status, SnapshotHeader header) => new(
        group.ToString(),
        group.Machine,
        status.Group.Value.ToString(),
        node,
        header.Index.Value,
        header.Term.Value,
        [.. header.Configuration.Everyone.Select(member => member.Address)],
        TimeProvider.System.GetUtcNow(),
        header.Bytes);
}
