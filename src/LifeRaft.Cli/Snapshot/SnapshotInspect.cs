using System.CommandLine;
using System.Globalization;

namespace LifeRaft.Cli;

/// <summary><c>snapshot inspect</c>.</summary>
internal static class SnapshotInspect
{
    private static readonly Argument<string> _file = new("file") { Description = "A file that 'snapshot save' wrote." };

    public static Command Create()
    {
        var command = new Command("inspect", "Shows what a saved snapshot is of, and compares all of it with its hash. Exit code 1 if it is damaged.") { _file };
        command.Runs(Run);
        return command;
    }

    private static async Task<int> Run(CommandRun run)
    {
        using var file = SnapshotFileReader.Open(run.Get(_file)!);
        var hash = await ProgressBar.While(run, "verifying", progress => file.Verify(progress, run.CancellationToken));
        var header = file.Header;
        (string What, string Is)[] rows =
        [
            ("group", header.Group),
            ("group id", header.GroupId),
            ("up to entry", header.Index.ToString(CultureInfo.InvariantCulture)),
            ("of term", header.Term.ToString(CultureInfo.InvariantCulture)),
            ("members", string.Join(", ", header.Members)),
            ("saved from", header.Node),
            ("saved at", header.SavedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)),
            ("bytes", header.Bytes.ToString(CultureInfo.InvariantCulture)),
            ("SHA-256", hash),
        ];
        run.Write(new { isWhole = true, sha256 = hash, header }, new Listing<(string What, string Is)>().Column("property", row => row.What).Column("value", row => row.Is), rows);
        return ExitCodes.Done;
    }
}
