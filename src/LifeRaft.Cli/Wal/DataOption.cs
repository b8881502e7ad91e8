using System.CommandLine;
using System.CommandLine.Parsing;

namespace LifeRaft.Cli;

/// <summary>The option that names the log directory of a silo that does not run.</summary>
internal static class DataOption
{
    public static Option<string> Create() => new("--data")
    {
        Description = "The log directory of a silo that is not running.",
        HelpName = "directory",
        Required = true,
        Recursive = true,
        Validators = { Check },
    };

    private static void Check(OptionResult result)
    {
        if (result.Tokens is [var token] && !Directory.Exists(token.Value))
        {
            result.AddError($"--data: there is no directory {token.Value}.");
        }
    }
}
