using System.CommandLine;
using System.Text;

namespace LifeRaft.Cli;

/// <summary><c>kv put</c>.</summary>
internal static class KeyValuePut
{
    private static readonly Argument<string> _key = new("key") { Description = "The key." };

    private static readonly Argument<string?> _value = new("value")
    {
        Description = "The value, as UTF-8. Without it the value is read, byte by byte, from the standard input.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Command Create()
    {
        var command = new Command("put", "Writes the value of a key. With a condition that does not hold it writes nothing, shows what is there, and the exit code is 1.") { _key, _value };
        WriteCondition.AddTo(command, canBeAbsent: true);
        command.RunsOnData(Run);
        return command;
    }

    private static async Task<int> Run(CommandRun run)
    {
        var key = run.Get(_key)!;
        var value = run.Get(_value) is { } text ? Encoding.UTF8.GetBytes(text) : await run.InputBytes("value");
        await using var connection = await run.Connect();
        var store = new KeyValueStore(connection.Group(run.Get(KeyValueCommands.Group)!));
        var result = await store.Transact(WriteCondition.Of(run, key), [KeyValueOperation.Put(key, value)], [KeyValueOperation.Get(key)], run.CancellationToken);
        var entry = result.Results[0];
        if (run.IsJson)
        {
            Json.Write(run.Output, new { written = result.Succeeded, entry = entry is null ? null : KeyValueEntries.Document(entry with { Value = result.Succeeded ? value : entry.Value }) });
        }
        else if (result.Succeeded)
        {
            await run.Output.WriteLineAsync($"'{TerminalText.Of(key)}' is written: version {entry!.Version}, revision {entry.Revision}.");
        }
        else
        {
            await run.Error.WriteLineAsync(entry is null
                ? $"Nothing was written: '{TerminalText.Of(key)}' is absent."
                : $"Nothing was written: '{TerminalText.Of(key)}' has version {entry.Version}, of revision {entry.Revision}.");
        }

        return result.Succeeded ? ExitCodes.Done : ExitCodes.Failed;
    }
}
