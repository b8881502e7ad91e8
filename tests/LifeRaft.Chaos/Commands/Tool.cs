using System.CommandLine;
using System.CommandLine.Invocation;

namespace LifeRaft.Chaos;

/// <summary>The executable, and what its exit codes mean.</summary>
internal static class Tool
{
    /// <summary>A rule was broken.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong; nothing was done.</summary>
    public const int Misused = 2;

    /// <summary>Ctrl-C, as shells count it.</summary>
    public const int Interrupted = 130;

    // A run that is stopped still takes its silos down and removes their logs.
    private static readonly TimeSpan _timeToCleanUp = TimeSpan.FromSeconds(20);

    public static async Task<int> Run(string[] arguments, TextWriter output, TextWriter error)
    {
        var parsed = ChaosCommand.Create().Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var problem in parsed.Errors)
            {
                await error.WriteLineAsync(problem.Message);
            }

            return Misused;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = _timeToCleanUp });
    }
}
