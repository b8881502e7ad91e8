using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary><c>kv watch</c>.</summary>
internal static class KeyValueWatch
{
    private static readonly Argument<string?> _prefix = new("prefix")
    {
        Description = "What the keys begin with. [default: all keys]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<long?> _revision = NumberOption.Create("--revision", 1, long.MaxValue, "Begin with the changes of this revision. [default: with what happens from now on]");

    private static readonly Option<long?> _count = NumberOption.Create("--count", 1, long.MaxValue, "End after so many changes. [default: when it is interrupted]");

    public static Command Create()
    {
        var command = new Command("watch", "Shows every change of keys, in order, each once: one line, or with -o json one JSON object a line. It goes on through changes of leader.") { _prefix, _revision, _count };
        command.RunsOnData(Run);
        return command;
    }

    private static async Task<int> Run(CommandRun run)
    {
        await using var connection = await run.Connect();
        var store = new KeyValueStore(connection.Group(run.Get(KeyValueCommands.Group)!));
        var left = run.Get(_count) ?? long.MaxValue;
        await foreach (var change in store.Watch(KeyValueRange.Prefix(run.Get(_prefix) ?? ""), run.Get(_revision), run.CancellationToken))
        {
            Show(run, change);
            if (--left == 0)
            {
                break;
            }
        }

        return ExitCodes.Done;
    }

    private static void Show(CommandRun run, KeyValueEvent change)
    {
        var kind = change.Kind == KeyValueEventKind.Delete ? "delete" : "put";
        if (run.IsJson)
        {
            Json.WriteLine(run.Output, new { kind, revision = change.Revision, isLastOfRevision = change.IsLastOfRevision, entry = KeyValueEntries.Document(change.Entry) });
            return;
        }

        var value = change.Kind == KeyValueEventKind.Delete ? "" : $"  {ByteText.Show(change.Entry.Value.Span, run.Format == OutputFormat.Wide ? int.MaxValue : 100)}";
        run.Output.WriteLine($"{change.Revision,8}  {kind,-6}  {TerminalText.Of(change.Entry.Key)}  v{change.Entry.Version}{value}");
        run.Output.Flush();
    }
}
