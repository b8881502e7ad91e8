using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>The command <c>watch</c>: what happens on the silos, as it happens.</summary>
internal static class WatchCommand
{
    private static readonly Argument<string?> _group = GroupArgument.Optional("Only what happens in this group; all, and what concerns silos, without it.");

    private static readonly Option<TimeSpan?> _since = DurationOption.Create("--since", TimeSpan.Zero, TimeSpan.FromDays(3650), "Begin with what happened so long ago; a silo remembers its last 4,096 events. Without it only what happens from now on is shown.");

    private static readonly Option<bool> _once = new("--once") { Description = "Print what the silos remember, and end; with --since only what is younger." };

    public static Command Create()
    {
        var command = new DetailedCommand("watch", "Prints events as they come, and why they did.", "Elections, members that come, go or fall silent, snapshots, failures. With -o json an object a line.") { _group, _since, _once };
        ClusterArguments.AddTo(command);
        command.Runs(async run =>
        {
            var journal = new JournalReader(run, TimeProvider.System);
            await using (journal)
            {
                await Print(run, journal);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task Print(CommandRun run, JournalReader journal)
    {
        var isOnce = run.Get(_once);
        var now = TimeProvider.System.GetUtcNow();
        var oldest = run.Get(_since) is { } since ? now - since : isOnce ? DateTimeOffset.MinValue : (DateTimeOffset?)null;
        var news = new JournalNews(oldest ?? now);
        var first = news.Of(await journal.First());
        Write(run, oldest is null ? [] : first);
        while (!isOnce)
        {
            Write(run, news.Of(await journal.Next()));
        }
    }

    private static void Write(CommandRun run, IEnumerable<JournalEntry> entries)
    {
        var group = run.Get(_group);
        foreach (var entry in entries.Where(entry => group is null || entry.Group == group))
        {
            JournalLine.Write(run, entry);
        }
    }
}
