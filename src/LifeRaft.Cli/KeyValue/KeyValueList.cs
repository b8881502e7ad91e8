using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary><c>kv list</c>.</summary>
internal static class KeyValueList
{
    private static readonly Argument<string?> _prefix = new("prefix")
    {
        Description = "What the keys begin with. [default: all keys]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<int> _limit = NumberOption.Create("--limit", 1, 1_000_000, 1000, "How many entries are shown at most.");

    public static Command Create()
    {
        var command = new Command("list", "Lists keys and values, in ordinal order of the keys.") { _prefix, _limit };
        ReadOptions.AddTo(command);
        command.RunsOnData(Run);
        return command;
    }

    private static async Task<int> Run(CommandRun run)
    {
        await using var connection = await run.Connect();
        var source = await ReadOptions.Source(run, connection.Group(run.Get(KeyValueCommands.Group)!));
        var limit = run.Get(_limit);
        var entries = new List<KeyValueEntry>();
        await foreach (var entry in new KeyValueStore(source).List(run.Get(_prefix) ?? "", run.CancellationToken))
        {
            entries.Add(entry);
            if (entries.Count > limit)
            {
                break; // One more than is shown, to know that there are more.
            }
        }

        var shown = entries.Take(limit).ToList();
        run.Write(
            new { entries = shown.Select(KeyValueEntries.Document), hasMore = entries.Count > limit, stale = ReadOptions.Document(source) },
            KeyValueEntries.Listing(run.Format),
            shown);
        await ReadOptions.TellAge(run, source);
        if (!run.IsJson && entries.Count == 0)
        {
            await run.Error.WriteLineAsync(run.Get(_prefix) is { Length: > 0 } prefix ? $"No key begins with '{TerminalText.Of(prefix)}'." : "There are no keys.");
        }

        if (!run.IsJson && entries.Count > limit)
        {
            await run.Error.WriteLineAsync($"There are more than {limit}; --limit shows more of them.");
        }

        return ExitCodes.Done;
    }
}
