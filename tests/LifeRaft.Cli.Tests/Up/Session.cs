using System.Text;

namespace LifeRaft.Cli.Tests.Up;

/// <summary>What somebody types into a shell, line by line, and what comes of it.</summary>
/// <param name="Name">The name of the file that holds what was printed.</param>
/// <param name="Lines">The lines, in which <c>liferaft</c> is the tool, as a process of its own.</param>
public sealed record Session(string Name, params string[] Lines)
{
    /// <summary>Plays it.</summary>
    /// <param name="gateways">The cluster.</param>
    /// <param name="directory">The shell's working directory.</param>
    /// <returns>The lines and all that was printed, as a terminal shows it; below a line that failed, its exit code.</returns>
    internal async Task<string> Play(string? gateways, string directory)
    {
        var seen = new StringBuilder();
        foreach (var line in Lines)
        {
            var run = await CliProcess.RunShell(gateways, directory, line);
            seen.Append($"$ {line}\n{run.Output.ReplaceLineEndings("\n")}");
            seen.Append(run.Exit == 0 ? "\n" : $"(exit code {run.Exit})\n\n");
        }

        return seen.ToString();
    }
}
