using System.CommandLine;
using System.CommandLine.Invocation;

namespace LifeRaft.Cli;

/// <summary>The <c>liferaft</c> tool: its commands, and what its exit codes mean.</summary>
internal static class Tool
{
    /// <summary>Something that was asked for did not hold, or could not be done.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong; nothing was done.</summary>
    public const int Misused = 2;

    /// <summary>Ctrl-C, as shells count it.</summary>
    public const int Interrupted = 130;

    // A command that is stopped still takes its silos down and removes its data.
    private static readonly TimeSpan _timeToCleanUp = TimeSpan.FromSeconds(20);

    public static async Task<int> Run(string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        var root = new RootCommand("LifeRaft: Raft consensus on Microsoft Orleans.") { DemoCommand.Create(), DisasterCommand.Create() };
        var parsed = root.Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var problem in parsed.Errors)
            {
                await error.WriteLineAsync(problem.Message);
            }

            var command = parsed.CommandResult.Command == root ? "" : $" {parsed.CommandResult.Command.Name}";
            await error.WriteLineAsync($"Try 'liferaft{command} --help'.");
            return Misused;
        }

        var invocation = new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = _timeToCleanUp };
        return await parsed.InvokeAsync(invocation, cancellationToken);
    }
}
