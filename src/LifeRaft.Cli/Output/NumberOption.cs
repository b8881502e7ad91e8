using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace LifeRaft.Cli;

/// <summary>Options that are whole numbers of a range.</summary>
internal static class NumberOption
{
    public static Option<int> Create(string name, int least, int most, int usual, string description) => new(name)
    {
        Description = description,
        HelpName = "number",
        DefaultValueFactory = _ => usual,
        CustomParser = result => (int)(Parse(name, result, least, most) ?? 0),
    };

    /// <summary>One that may be left out.</summary>
    public static Option<long?> Create(string name, long least, long most, string description) => new(name)
    {
        Description = description,
        HelpName = "number",
        CustomParser = result => Parse(name, result, least, most),
    };

    private static long? Parse(string name, ArgumentResult result, long least, long most)
    {
        var text = result.Tokens.Single().Value;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        result.AddError(most == long.MaxValue ? $"{name} is a number from {Written(least)} on, not '{text}'." : $"{name} is a number from {Written(least)} to {Written(most)}, not '{text}'.");
        return null;
    }

    private static string Written(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
