using System.CommandLine;
using System.CommandLine.Invocation;

namespace LifeRaft.Simulation;

/// <summary>The executable: its commands, and what its exit codes mean.</summary>
internal static class Tool
{
    /// <summary>A history is not linearizable, or a run broke a rule.</summary>
    public const int Failed = 1;

    /// <summary>The command line or a file is wrong; nothing was judged.</summary>
    public const int Misused = 2;

    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        var root = new RootCommand("Simulates LifeRaft under faults, and judges histories.") { CheckCommand.Create(), RunCommand.Create() };
        var parsed = root.Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var problem in parsed.Errors)
            {
                error.WriteLine(problem.Message);
            }

            return Misused;
        }

        return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error });
    }
}
