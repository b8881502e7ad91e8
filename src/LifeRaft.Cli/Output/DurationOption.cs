using System.CommandLine;
using System.CommandLine.Parsing;

namespace LifeRaft.Cli;

/// <summary>
/// Options that are durations: with a unit, because <c>5</c> alone may mean anything. The library's help would show a default as 00:00:10,
/// which nobody can type: it knows of none, and the description says it.
/// </summary>
internal static class DurationOption
{
    public static UsualOption<TimeSpan> Create(string name, TimeSpan least, TimeSpan most, TimeSpan usual, string description) => new(name, usual)
    {
        Description = $"{description} [default: {Duration.Format(usual)}]",
        HelpName = "duration",
        CustomParser = result => Parse(name, result, least, most),
    };

    /// <summary>One that may be left out.</summary>
    public static Option<TimeSpan?> Create(string name, TimeSpan least, TimeSpan most, string description, bool isRecursive = false) => new(name)
    {
        Description = description,
        HelpName = "duration",
        Recursive = isRecursive,
        CustomParser = result => Parse(name, result, least, most),
    };

    private static TimeSpan Parse(string name, ArgumentResult result, TimeSpan least, TimeSpan most)
    {
        var text = result.Tokens.Single().Value;
        try
        {
            var duration = Duration.ParseArgument(text);
            if (duration < least || duration > most)
            {
                result.AddError($"{name} is from {Duration.Format(least)} to {Duration.Format(most)}, not '{text}'.");
            }

            return duration;
        }
        catch (FormatException problem)
        {
            result.AddError($"{name}: {problem.Message}");
            return default;
        }
    }
}
