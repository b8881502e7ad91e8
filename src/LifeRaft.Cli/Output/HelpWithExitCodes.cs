using System.CommandLine;
using System.CommandLine.Invocation;

namespace LifeRaft.Cli;

/// <summary>The help of a command, and below it what the exit codes mean.</summary>
internal sealed class HelpWithExitCodes(SynchronousCommandLineAction help) : SynchronousCommandLineAction
{
    public override bool Terminating => true;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        if (command is DetailedCommand detailed)
        {
            detailed.Description = detailed.Whole; // Here, and not in the list of those beside it.
        }

        var code = help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Exit codes:");
        foreach (var (number, meaning) in ExitCodes.All.Concat(command is WrapperCommand ? GuardedRun.Codes : []).OrderBy(one => one.Code))
        {
            output.WriteLine($"  {number,-4} {meaning}");
        }

        return code;
    }
}
