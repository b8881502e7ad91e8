using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary><c>kv delete</c>.</summary>
internal static class KeyValueDelete
{
    private static readonly Argument<string> _key = new("key") { Description = "The key." };

    public static Command Create()
    {
        var command = new Command("delete", "Removes a key. One that is absent already is no failure. With a condition that does not hold it removes nothing, and the exit code is 1.") { _key };
        WriteCondition.AddTo(command, canBeAbsent: false);
        command.RunsOnData(Run);
        return command;
    }

    private static async Task<int> Run(CommandRun run)
    {
        var key = run.Get(_key)!;
        await using var connection = await run.Connect();
        var store = new KeyValueStore(connection.Group(run.Get(KeyValueCommands.Group)!));
        var result = await store.Transact(WriteCondition.Of(run, key), [KeyValueOperation.Delete(key)], [KeyValueOperation.Get(key)], run.CancellationToken);
        var entry = result.Results[0];
        if (run.IsJson)
        {
            Json.Write(run.Output, new { deleted = result.Succeeded && entry is not null, entry = entry is null ? null : KeyValueEntries.Document(entry) });
        }
        else if (result.Succeeded)
        {
            await run.Output.WriteLineAsync(entry is null ? $"'{TerminalText.Of(key)}' was absent." : $"'{TerminalText.Of(key)}' is deleted: it had version {entry.Version}, of revision {entry.Revision}.");
        }
        else
        {
            await run.Error.WriteLineAsync(entry is null
                ? $"Nothing was deleted: '{TerminalText.Of(key)}' is absent."
                : $"Nothing was deleted: '{TerminalText.Of(key)}' has version {entry.Version}, of revision {entry.Revision}.");
        }

        return result.Succeeded ? ExitCodes.Done : ExitCodes.Failed;
    }
}
