using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>The command <c>check</c>: questions with an answer of yes or no, which is the exit code.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var command = new Command("check", "Answers a question by yes (exit code 0) or no (exit code 1).")
        {
            QuorumCriticalCheck.Create(), HashCheck.Create(), PerformanceCheck.Create(),
        };
        ClusterArguments.AddTo(command);
        return command;
    }
}
