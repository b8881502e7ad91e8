using System.CommandLine;
using System.CommandLine.Parsing;

namespace LifeRaft.Cli;

/// <summary>Arguments that name a group or a node. A malformed name is an error of the command line, found before anybody is asked.</summary>
internal static class GroupArgument
{
    public static Argument<string> Required(string description = "The group, {machine}/{name}, for instance kv/default.") => new("group")
    {
        Description = description,
        Validators = { result => Check(result, text => GroupName.Parse(text)) },
    };

    public static Argument<string?> Optional(string description) => new("group")
    {
        Description = description,
        Arity = ArgumentArity.ZeroOrOne,
        Validators = { result => Check(result, text => GroupName.Parse(text)) },
    };

    /// <summary>The address of a node, <c>{name}@{silo}</c>.</summary>
    public static Argument<string> Address(string name, string description) => new(name)
    {
        Description = description,
        Validators = { result => Check(result, text => NodeAddress.Parse(text)) },
    };

    /// <summary>As many addresses as one likes.</summary>
    public static Argument<string[]> Addresses(string name, string description) => new(name)
    {
        Description = description,
        Arity = ArgumentArity.ZeroOrMore,
        Validators = { result => Check(result, text => NodeAddress.Parse(text)) },
    };

    /// <summary>An address that may be left out.</summary>
    public static Argument<string?> OptionalAddress(string name, string description) => new(name)
    {
        Description = description,
        Arity = ArgumentArity.ZeroOrOne,
        Validators = { result => Check(result, text => NodeAddress.Parse(text)) },
    };

    private static void Check(ArgumentResult result, Action<string> parse)
    {
        foreach (var token in result.Tokens)
        {
            try
            {
                parse(token.Value);
            }
            catch (InvalidNameException problem)
            {
                result.AddError(problem.Message);
            }
        }
    }
}
