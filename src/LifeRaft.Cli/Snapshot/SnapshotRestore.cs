using System.CommandLine;
using LifeRaft.Hosting;
using LifeRaft.Protocol;
using LifeRaft.Storage.RocksDb;
using Microsoft.Extensions.Logging.Abstractions;

namespace LifeRaft.Cli;

/// <summary><c>snapshot restore</c>.</summary>
internal static class SnapshotRestore
{
    private static readonly Argument<string> _file = new("file") { Description = "A file that 'snapshot save' wrote." };

    private static readonly Option<string> _data = new("--data")
    {
        Description = "The log directory of a silo that is not running; it may be new.",
        HelpName = "directory",
        Required = true,
    };

    private static readonly Option<string> _node = new("--node")
    {
        Description = "The key of the node that is made, for instance kv/orders/1@silo-a: the group, a name, and the name of the silo whose directory this is.",
        HelpName = "key",
        Required = true,
        Validators =
        {
            result =>
            {
                if (result.Tokens is [var token] && !NodeKey.TryParse(token.Value, out _))
                {
                    result.AddError($"--node: '{token.Value}' is no node key: it must be '{{machine}}/{{name}}/{{node}}@{{silo}}', for instance 'kv/orders/1@silo-a'.");
                }
            },
        },
    };

    private static readonly Option<string> _grainType = new("--grain-type")
    {
        Description = "The grain type of the group's nodes, where the silos register one of their own.",
        HelpName = "type",
        DefaultValueFactory = _ => "liferaft-node",
    };

    public static Command Create()
    {
        var command = new DetailedCommand(
            "restore",
            "Offline: makes a node, on the disk of a silo that is not running, the only voter of a NEW group that begins with a saved snapshot.",
            "What the old group "
            + "committed after the snapshot is not in it. Start the silo then, and add the other members. The old group, if it is still there, is not touched, but must not "
            + "be reached under the same name: delete it first, or restore under another name.")
        {
            _file, _data, _node, _grainType,
        };
        Confirmation.AddTo(command);
        command.Runs(Run);
        return command;
    }

    private static async Task<int> Run(CommandRun run)
    {
        using var file = SnapshotFileReader.Open(run.Get(_file)!);
        var node = run.Get(_node)!;
        var key = NodeKey.Parse(node);
        var header = file.Header;
        if (key.Group.Machine != header.Machine)
        {
            throw new MisuseException($"{run.Get(_file)} holds the state of a machine '{header.Machine}', which a group of '{key.Group.Machine}' cannot take over. Restore into a node of {header.Machine}/...");
        }

        var hash = await ProgressBar.While(run, "verifying", progress => file.Verify(progress, run.CancellationToken));
        StoredNodes.ThrowIfTaken(run.Get(_data)!, node);
        var plan = $"{node} would become the only voter of a NEW group {key.Group} that begins with the state of {header.Group} up to entry {header.Index}, saved at {header.SavedAt:u} (SHA-256 {hash}).";
        if (await Confirmation.Refusal(run, plan) is { } refused)
        {
            return refused;
        }

        await using var store = new RocksDbLogStore(new RocksDbLogStoreOptions { Directory = run.Get(_data)! }, NullLogger<RocksDbLogStore>.Instance);
        await store.Open(run.CancellationToken);
        var position = new LogPosition(new LogIndex(header.Index), new Term(header.Term));
        var founded = await DisasterRecovery.FoundFromSnapshot(store, node, $"{run.Get(_grainType)}/{node}", position, file.CopyContent, run.CancellationToken);
        run.Write(
            new { node, group = $"{founded.Identity.Group.Value}", index = header.Index, sha256 = hash },
            $"{node} is the only voter of the new group {founded.Identity.Group}, whose state is that of {header.Group} up to entry {header.Index}. Start its silo, and add the other members (liferaft member add).");
        return ExitCodes.Done;
    }
}
