using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>What is wrong with a command line, in words that say what to write instead.</summary>
internal static class Misunderstanding
{
    // Two letters that are wrong, or one that is doubled and one that is missing; more is another word.
    private const int MostWrong = 2;

    /// <param name="parsed">The command line, with errors.</param>
    /// <param name="path">The command that was understood, with the tool's name.</param>
    public static IEnumerable<string> Of(ParseResult parsed, string path)
    {
        var known = parsed.CommandResult.Command.Subcommands.Where(command => !command.Hidden).Select(command => command.Name).ToList();
        return known.Count == 0 ? parsed.Errors.Select(error => error.Message)
            : parsed.UnmatchedTokens.Count == 0 ? [$"'{path}' needs one of its commands: {string.Join(", ", known)}."]
            : parsed.UnmatchedTokens[0].StartsWith('-') ? [$"'{path}' has no option '{parsed.UnmatchedTokens[0]}'."]
            : [$"'{path}' has no command '{parsed.UnmatchedTokens[0]}'. {Advice(parsed.UnmatchedTokens[0], known)}"];
    }

    private static string Advice(string word, List<string> known)
    {
        var nearest = known.MinBy(name => Distance(word, name))!;
        return Distance(word, nearest) <= MostWrong && nearest.Length > MostWrong ? $"Did you mean '{nearest}'?" : $"It has: {string.Join(", ", known)}.";
    }

    /// <summary>How many letters must be added, dropped or changed to make one word of the other (Levenshtein).</summary>
    private static int Distance(string one, string other)
    {
        var above = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var row = new int[other.Length + 1];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                row[j] = Math.Min(Math.Min(row[j - 1], above[j]) + 1, above[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1));
            }

            above = row;
        }

        return above[^1];
    }
}
