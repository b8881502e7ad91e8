using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>
/// The guard of what destroys: <c>--dry-run</c> says what would be done, <c>--yes</c> does it unasked, a person at a terminal is asked, and
/// where there is none nothing is done.
/// </summary>
internal static class Confirmation
{
    private static readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do it without asking." };

    private static readonly Option<bool> _dryRun = new("--dry-run") { Description = "Say what would be done, and do nothing." };

    /// <summary>Gives a command the two options.</summary>
    public static void AddTo(Command command)
    {
        command.Add(_yes);
        command.Add(_dryRun);
    }

    /// <summary>Whether to go on; if not, what has to be said was said, and the exit code is this.</summary>
    /// <param name="run">The run.</param>
    /// <param name="plan">What would be done, in sentences that are true whether it is done or not: "... would be deleted."</param>
    /// <returns>Null to go on.</returns>
    public static async Task<int?> Refusal(CommandRun run, string plan)
    {
        if (run.Get(_dryRun))
        {
            run.Write(new { isDryRun = true, plan }, $"{plan}{Environment.NewLine}Nothing was changed: this was a dry run.");
            return ExitCodes.Done;
        }

        if (run.Get(_yes))
        {
            return null;
        }

        if (!run.IsInteractive)
        {
            await run.Error.WriteLineAsync($"{plan}{Environment.NewLine}Nothing was changed. Repeat the command with --yes to do it.");
            return ExitCodes.Failed;
        }

        await run.Error.WriteAsync($"{plan}{Environment.NewLine}Do it? [y/N] ");
        using var input = new StreamReader(run.Input, leaveOpen: true);
        var answer = (await input.ReadLineAsync(run.CancellationToken))?.Trim();
        if (string.Equals(answer, "y", StringComparison.OrdinalIgnoreCase) || string.Equals(answer, "yes", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        await run.Error.WriteLineAsync("Nothing was changed.");
        return ExitCodes.Failed;
    }
}
