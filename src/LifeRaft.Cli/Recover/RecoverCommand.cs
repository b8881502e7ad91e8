using System.CommandLine;
using LifeRaft.Hosting;
using LifeRaft.Storage.RocksDb;
using Microsoft.Extensions.Logging.Abstractions;

namespace LifeRaft.Cli;

/// <summary>The command <c>recover</c>: the offline way out of a majority that is lost for good.</summary>
internal static class RecoverCommand
{
    private static readonly Option<string> _data = DataOption.Create();

    private static readonly Option<string> _node = new("--node")
    {
        Description = "The node's key, as 'wal inspect' shows it, for instance kv/orders/1@silo-a.",
        HelpName = "key",
        Required = true,
    };

    private static readonly Option<bool> _newQuorum = new("--unsafe-new-quorum")
    {
        Description = "Make the node the only voter of a NEW group that holds all that its log holds. ACKNOWLEDGED WRITES THAT ONLY OTHERS HELD ARE LOST.",
    };

    private static readonly Option<bool> _forget = new("--forget")
    {
        Description = "Delete what the disk holds of the node, so that it can join the new group. ITS DATA ARE LOST.",
    };

    public static Command Create()
    {
        var command = new DetailedCommand(
            "recover",
            "The last resort for a group whose majority has lost its disks FOR GOOD. Offline.",
            "A group that can still be brought back by starting its silos must be.")
        {
            _data, _node, _newQuorum, _forget,
        };
        Confirmation.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_newQuorum) == result.GetValue(_forget))
            {
                result.AddError("Say what to do: --unsafe-new-quorum on the node that holds the most, or --forget on the others.");
            }
        });
        command.Runs(Run);
        return command;
    }

    private static async Task<int> Run(CommandRun run)
    {
        var (data, node) = (run.Get(_data)!, run.Get(_node)!);
        var before = StoredNodes.Look(data, node);
        var isFounding = run.Get(_newQuorum);
        if (await Confirmation.Refusal(run, isFounding ? RecoveryPlans.FoundAnew(before) : RecoveryPlans.Forget(before)) is { } refused)
        {
            return refused;
        }

        await using var store = new RocksDbLogStore(new RocksDbLogStoreOptions { Directory = data }, NullLogger<RocksDbLogStore>.Instance);
        await store.Open(run.CancellationToken);
        if (isFounding)
        {
            var after = await DisasterRecovery.FoundAnew(store, node, run.CancellationToken);
            run.Write(
                new { node, oldGroup = $"{before.Identity.Group.Value}", newGroup = $"{after.Identity.Group.Value}", last = before.Last.Index.Value },
                $"""
                 {node} is the only voter of the new group {after.Identity.Group}, which holds everything up to entry {before.Last.Index} of term {before.Last.Term} of the old one ({before.Identity.Group}).
                 Now forget the old group's other nodes on their disks (liferaft recover --forget), start the silos, and let those nodes join (liferaft member add).
                 """);
        }
        else
        {
            await DisasterRecovery.Forget(store, node, run.CancellationToken);
            run.Write(new { node, forgotten = true }, $"{node} is forgotten. When its silo runs again, it can join a group.");
        }

        return ExitCodes.Done;
    }
}
