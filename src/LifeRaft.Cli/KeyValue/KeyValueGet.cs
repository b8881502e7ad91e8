using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary><c>kv get</c>.</summary>
internal static class KeyValueGet
{
    private static readonly Argument<string> _key = new("key") { Description = "The key." };

    public static Command Create()
    {
        var command = new Command("get", "Shows the value of a key. Exit code 1 if it is absent. With -o raw it prints the value's bytes and nothing else.") { _key, OutputOption.WithRaw };
        ReadOptions.AddTo(command);
        command.RunsOnData(Run);
        return command;
    }

    private static async Task<int> Run(CommandRun run)
    {
        await using var connection = await run.Connect();
        var source = await ReadOptions.Source(run, connection.Group(run.Get(KeyValueCommands.Group)!));
        var key = run.Get(_key)!;
        var entry = await new KeyValueStore(source).Get(key, run.CancellationToken);
        await ReadOptions.TellAge(run, source);
        switch (run.Format)
        {
            case OutputFormat.Json:
                Json.Write(run.Output, new { exists = entry is not null, entry = entry is null ? null : KeyValueEntries.Document(entry), stale = ReadOptions.Document(source) });
                break;
            case OutputFormat.Raw when entry is not null:
                await run.OutputBytes(entry.Value);
                break;
            case OutputFormat.Table or OutputFormat.Wide when entry is not null:
                KeyValueEntries.Listing(run.Format).Write(run.Output, run.Format, [entry]);
                break;
            default:
                await run.Error.WriteLineAsync($"'{TerminalText.Of(key)}' is absent.");
                break;
        }

        return entry is null ? ExitCodes.Failed : ExitCodes.Done;
    }
}
