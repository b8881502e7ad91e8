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
        look.SetAction((parsed, cancellationToken) => On(
            parsed.GetValue(_data)!, parsed.InvocationConfiguration, async (store, output) =>
            {
                StoredNodesTable.Write(output, await DisasterRecovery.Look(store, cancellationToken));
                return 0;
            },
            cancellationToken));

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

    private static Task<int> Change(ParseResult parsed, DisasterStep step, CancellationToken cancellationToken) => On(
        parsed.GetValue(_data)!,
        parsed.InvocationConfiguration,
        (store, output) => step(store, parsed.GetValue(_node)!, parsed.GetValue(_accept), output, cancellationToken),
        cancellationToken);

    /// <summary>Opens the store, which fails while a silo has it open.</summary>
    private static async Task<int> On(
        string directory, InvocationConfiguration streams, Func<IRaftLogStore, TextWriter, Task<int>> action, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(directory))
        {
            await streams.Error.WriteLineAsync($"There is no directory {directory}.");
            return ExitCodes.Misused;
        }

        try
        {
            await using var store = new RocksDbLogStore(new RocksDbLogStoreOptions { Directory = directory }, NullLogger<RocksDbLogStore>.Instance);
            await store.Open(cancellationToken);
            return await action(store, streams.Output);
        }
        catch (Exception failure) when (failure is LogStoreException or RaftException)
        {
            await streams.Error.WriteLineAsync(failure.Message);
            return ExitCodes.Failed;
        }
    }
}
