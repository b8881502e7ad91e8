using System.CommandLine;
using System.CommandLine.Parsing;

namespace LifeRaft.Cli;

/// <summary>The option that names a group.</summary>
internal static class GroupOption
{
    /// <summary>One that must be given.</summary>
    /// <param name="example">A name, for the help.</param>
    public static Option<string> Create(string example) => With(example, usual: null);

    /// <summary>One that may be left out.</summary>
    /// <param name="usual">The group that is meant then.</param>
    public static Option<string> WithDefault(string usual) => With(usual, usual);

    private static Option<string> With(string example, string? usual)
    {
        var option = new Option<string>("--group")
        {
            Description = usual is null ? $"The group, {{machine}}/{{name}}, for instance {example}." : "The group.",
            HelpName = "machine/name",
            Required = usual is null,
            Recursive = true,
            Validators = { Check },
        };
        if (usual is not null)
        {
            option.DefaultValueFactory = _ => usual;
        }

        return option;
    }

    private static void Check(OptionResult result)
    {
        if (result.Tokens is [var token] && GroupName.ProblemOf(token.Value) is { } problem)
        {
            result.AddError($"--group: {problem}");
        }
    }
}
