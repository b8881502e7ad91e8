using System.CommandLine;
using LifeRaft.Hosting;
using LifeRaft.Storage.RocksDb;
using Microsoft.Extensions.Logging.Abstractions;

namespace LifeRaft.Cli;

/// <summary>The command <c>disaster</c>: what can be done when the majority of a group has lost its disks for good.</summary>
internal static class DisasterCommand
{
    private static readonly Option<string> _data = new("--data")
    {
        Description = "The log directory of a silo that is not running.",
        HelpName = "directory",
        Required = true,
    };

    private static readonly Option<string> _node = new("--node")
    {
        Description = "The node's key, as 'look' shows it, for instance kv/orders/1@silo-a.",
        HelpName = "key",
        Required = true,
    };

    private static readonly Option<bool> _accept = new("--accept-data-loss")
    {
        Description = "Do it. Without this the command says what it would do, and changes nothing.",
    };

    public static Command Create()
    {
        var look = new Command("look", "Shows what a silo's disk holds of each node. Changes nothing.") { _data };
        look.SetAction((parsed, _) => On(parsed, (directory, output) =>
        {
            StoredNodesTable.Write(output, StoredNodes.Look(directory));
            return Task.FromResult(ExitCodes.Done);
        }));

        var found = new Command(
            "found-anew",
            "Makes one node the only voter of a NEW group that holds all that its log holds. ACKNOWLEDGED WRITES THAT ONLY OTHERS HELD ARE LOST.")
        {
            _data, _node, _accept,
        };
        found.SetAction((parsed, cancellationToken) => Change(parsed, DisasterSteps.FoundAnew, cancellationToken));

        var forget = new Command("forget", "Deletes what a disk holds of one node, so that it can join the new group. ITS DATA ARE LOST.") { _data, _node, _accept };
        forget.SetAction((parsed, cancellationToken) => Change(parsed, DisasterSteps.Forget, cancellationToken));

        var command = new Command(
            "disaster",
            "For a group whose majority has lost its disks FOR GOOD. Offline, and the last resort: a group that can still be brought back by starting its silos must be.")
        {
            look, found, forget,
        };
        command.Hidden = true; // The older name of 'wal inspect' and 'recover', which do the same.
        return command;
    }

    /// <summary>Without acceptance a step explains itself, and the disk is only read.</summary>
    private static Task<int> Change(ParseResult parsed, DisasterStep step, CancellationToken cancellationToken) => On(parsed, async (directory, output) =>
    {
        var before = StoredNodes.Look(directory, parsed.GetValue(_node)!);
        if (!parsed.GetValue(_accept))
        {
            await output.WriteLineAsync($"{step.Plan(before)}{Environment.NewLine}Nothing was changed. Repeat the command with --accept-data-loss to do it.");
            return ExitCodes.Misused;
        }

        await using var store = new RocksDbLogStore(new RocksDbLogStoreOptions { Directory = directory }, NullLogger<RocksDbLogStore>.Instance);
        await store.Open(cancellationToken);
        await output.WriteLineAsync(await step.Do(store, before, cancellationToken));
        return ExitCodes.Done;
    });

    private static async Task<int> On(ParseResult parsed, Func<string, TextWriter, Task<int>> action)
    {
        var (directory, streams) = (parsed.GetValue(_data)!, parsed.InvocationConfiguration);
        if (!Directory.Exists(directory))
        {
            await streams.Error.WriteLineAsync($"There is no directory {directory}.");
            return ExitCodes.Misused;
        }

        try
        {
            return await action(directory, streams.Output);
        }
        catch (Exception failure) when (failure is LogStoreException or RaftException)
        {
            await streams.Error.WriteLineAsync(failure.Message);
            return ExitCodes.Failed;
        }
    }
}
