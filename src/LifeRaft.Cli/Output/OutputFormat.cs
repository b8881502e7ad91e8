using System.CommandLine;
using System.CommandLine.Parsing;

namespace LifeRaft.Cli;

/// <summary>How results are printed.</summary>
internal enum OutputFormat
{
    /// <summary>For a person: the columns that are asked for most.</summary>
    Table,

    /// <summary>For a person: all columns.</summary>
    Wide,

    /// <summary>For a program: JSON with names in camel case, whose shape only grows. Durations are in milliseconds and named so.</summary>
    Json,

    /// <summary>The bytes of one value and nothing else.</summary>
    Raw,
}

/// <summary>The option <c>-o</c>.</summary>
internal static class OutputOption
{
    /// <summary>That of all commands.</summary>
    public static readonly Option<OutputFormat> Of = Create(OutputFormat.Table, OutputFormat.Wide, OutputFormat.Json);

    /// <summary>That of commands which also print bare bytes.</summary>
    public static readonly Option<OutputFormat> WithRaw = Create(OutputFormat.Table, OutputFormat.Wide, OutputFormat.Json, OutputFormat.Raw);

    private static Option<OutputFormat> Create(params OutputFormat[] formats)
    {
        var words = formats.Select(WordOf).ToList();
        var option = new Option<OutputFormat>("--output", "-o")
        {
            Description = $"How to print the result. [default: {words[0]}]",
            HelpName = string.Join('|', words),
            Recursive = true,
            CustomParser = result => Parse(result, formats),
        };
        option.CompletionSources.Clear(); // The names of the enumeration, which are not what is written.
        option.CompletionSources.Add([.. words]);
        return option;
    }

    private static OutputFormat Parse(ArgumentResult result, OutputFormat[] formats)
    {
        var text = result.Tokens.Single().Value;
        foreach (var format in formats)
        {
            if (WordOf(format) == text)
            {
                return format;
            }
        }

        result.AddError($"--output is {string.Join(", ", formats.SkipLast(1).Select(WordOf))} or {WordOf(formats[^1])} here, not '{text}'.");
        return default;
    }

    private static string WordOf(OutputFormat format) => format.ToString().ToLowerInvariant();
}
