using System.CommandLine;
using System.CommandLine.Parsing;

namespace LifeRaft.Cli;

/// <summary>The command <c>completion</c>: prints what makes a shell complete the tool's command lines.</summary>
internal static class CompletionCommand
{
    public static Command Create()
    {
        var shell = new Argument<string>("shell")
        {
            Description = "bash, zsh, fish or pwsh.",
            HelpName = "shell",
            CompletionSources = { _ => CompletionScripts.Shells.Select(name => new System.CommandLine.Completions.CompletionItem(name)) },
            CustomParser = Parse,
        };
        var command = new DetailedCommand("completion", "Prints a script that makes a shell complete liferaft's command lines.", "For bash: source <(liferaft completion bash)") { shell };
        command.Runs(run =>
        {
            run.Output.Write(CompletionScripts.Of(run.Get(shell)!));
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    private static string? Parse(ArgumentResult result)
    {
        var name = result.Tokens.Single().Value;
        if (!CompletionScripts.Shells.Contains(name))
        {
            result.AddError($"There is a script for {string.Join(", ", CompletionScripts.Shells)}, not for '{name}'.");
        }

        return name;
    }
}
