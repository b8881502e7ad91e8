using System.CommandLine;
using LifeRaft.Protocol;

namespace LifeRaft.Cli;

/// <summary><c>log show</c>.</summary>
internal static class LogShow
{
    private static readonly Option<string?> _node = NodeChoice.Option("whose log is shown");

    private static readonly Option<long?> _first = NumberOption.Create("--first", 1, long.MaxValue, "The index of the first entry. [default: so that the last entries are shown]");

    private static readonly Option<int> _count = NumberOption.Create("--count", 1, 100_000, 20, "How many entries are shown at most.");

    public static Command Create()
    {
        var command = new Command("show", "Shows entries, the last ones if nothing else is said: index, term, kind, size, and what a command does where it is one of a key-value or lock group.") { _node, _first, _count };
        command.Runs(Run);
        return command;
    }

    private static async Task<int> Run(CommandRun run)
    {
        await using var connection = await run.Connect();
        var group = connection.Group(run.Get(LogCommand.Group)!);
        var address = await NodeChoice.Of(group, run.Get(_node), run.CancellationToken);
        var (slice, entries) = await Read(group, address, run.Get(_first), run.Get(_count), run.CancellationToken);
        var shown = new LogEntries(group.Name.Machine);
        var document = new
        {
            node = address,
            @base = slice.Base.Value,
            last = slice.Last.Value,
            commit = slice.Commit.Value,
            applied = slice.Applied.Value,
            entries = entries.Select(entry => shown.Document(entry, entry.Index <= slice.Commit)),
        };
        run.Write(document, shown.Listing(), entries.Select(entry => (entry, entry.Index <= slice.Commit)));
        if (!run.IsJson)
        {
            await run.Error.WriteLineAsync($"{address} holds entries {slice.Base + 1} to {slice.Last}; it knows {slice.Commit} to be committed, and has applied {slice.Applied}.");
        }

        return ExitCodes.Done;
    }

    private static async Task<(LogSlice Slice, IReadOnlyList<LogEntry> Entries)> Read(RaftGroup group, string address, long? first, int count, CancellationToken cancellationToken)
    {
        var from = first is { } given ? new LogIndex(given) : LogIndex.Zero;
        if (first is null)
        {
            var last = (await DirectRequest.Read(address, () => group.ReadLog(address, LogIndex.First, 1, cancellationToken))).Last.Value;
            from = new LogIndex(Math.Max(1, last - count + 1));
        }

        var entries = new List<LogEntry>();
        while (true)
        {
            var slice = await DirectRequest.Read(address, () => group.ReadLog(address, from, Math.Min(count - entries.Count, LogSlice.MaximumEntries), cancellationToken));
            entries.AddRange(slice.Entries);
            if (slice.Entries.Count == 0 || entries.Count >= count || entries[^1].Index >= slice.Last)
            {
                return (slice, entries);
            }

            from = entries[^1].Index + 1;
        }
    }
}
