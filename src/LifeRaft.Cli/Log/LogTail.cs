using System.CommandLine;
using LifeRaft.Protocol;

namespace LifeRaft.Cli;

/// <summary><c>log tail</c>.</summary>
internal static class LogTail
{
    private static readonly Option<string?> _node = NodeChoice.Option("whose log is followed");

    private static readonly Option<int> _last = NumberOption.Create("--last", 0, 1000, 10, "With how many of the entries that are there it begins.");

    private static readonly Option<long?> _count = NumberOption.Create("--count", 1, long.MaxValue, "End after so many entries. [default: when it is interrupted]");

    public static Command Create()
    {
        var command = new Command("tail", "Shows entries as the node applies them, each on a line; with -o json one JSON object a line. It ends when the node's silo does.") { _node, _last, _count };
        command.Runs(Run);
        return command;
    }

    private static async Task<int> Run(CommandRun run)
    {
        await using var connection = await run.Connect();
        var group = connection.Group(run.Get(LogCommand.Group)!);
        var address = await NodeChoice.Of(group, run.Get(_node), run.CancellationToken);
        var left = run.Get(_count) ?? long.MaxValue;
        var shown = new LogEntries(group.Name.Machine);

        // The watch comes first, so that nothing falls between what is there and what comes.
        var node = await group.Node(address, run.CancellationToken);
        await using var events = node.Watch(run.CancellationToken).GetAsyncEnumerator(run.CancellationToken);
        var coming = Coming();
        var applied = (await Read(LogIndex.First, 1)).Applied;
        var next = new LogIndex(Math.Max(1, applied.Value - run.Get(_last) + 1));
        while (true)
        {
            while (next <= applied)
            {
                var slice = await Read(next, LogSlice.MaximumEntries);
                if (slice.Base >= next)
                {
                    await run.Error.WriteLineAsync($"Entries {next} to {slice.Base} were compacted away.");
                    next = slice.Base + 1;
                }

                if (slice.Entries.All(entry => entry.Index != next))
                {
                    break; // A node that has stopped says what it had applied and reads nothing any more: the next event tells that it has ended.
                }

                foreach (var entry in slice.Entries.Where(entry => entry.Index >= next && entry.Index <= LogIndex.Min(applied, slice.Applied)))
                {
                    Show(run, shown, entry);
                    next = entry.Index + 1;
                    if (--left == 0)
                    {
                        return ExitCodes.Done;
                    }
                }
            }

            if (!await coming)
            {
                await run.Error.WriteLineAsync($"{address} has ended.");
                return ExitCodes.Failed;
            }

            applied = events.Current is CommitEvent commit ? LogIndex.Max(applied, commit.Index) : applied;
            coming = Coming();
        }

        Task<bool> Coming() => DirectRequest.Read(address, () => events.MoveNextAsync().AsTask());

        Task<LogSlice> Read(LogIndex first, int count) => DirectRequest.Read(address, () => group.ReadLog(address, first, count, run.CancellationToken));
    }

    private static void Show(CommandRun run, LogEntries shown, LogEntry entry)
    {
        if (run.IsJson)
        {
            Json.WriteLine(run.Output, shown.Document(entry, isCommitted: true));
            return;
        }

        run.Output.WriteLine(shown.Line(entry));
        run.Output.Flush();
    }
}
