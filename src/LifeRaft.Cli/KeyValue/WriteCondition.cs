using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace LifeRaft.Cli;

/// <summary>The options that make a write a compare-and-swap.</summary>
internal static class WriteCondition
{
    private static readonly Option<long?> _ifVersion = Number("--if-version", "Only if the key has this version.");

    private static readonly Option<long?> _ifRevision = Number("--if-revision", "Only if the key was written at this revision, and not since.");

    private static readonly Option<bool> _ifAbsent = new("--if-absent") { Description = "Only if there is no such key." };

    /// <summary>Gives a command these options.</summary>
    public static void AddTo(Command command, bool canBeAbsent)
    {
        var options = canBeAbsent ? new Option[] { _ifVersion, _ifRevision, _ifAbsent } : [_ifVersion, _ifRevision];
        foreach (var option in options)
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (options.Count(option => result.GetResult(option) is not null) > 1)
            {
                result.AddError($"Of {string.Join(", ", options.Select(option => option.Name))} only one can be given.");
            }
        });
    }

    /// <summary>What must hold; nothing for an unconditional write.</summary>
    public static IReadOnlyList<KeyValueCondition> Of(CommandRun run, string key) =>
        run.Get(_ifVersion) is { } version ? [KeyValueCondition.Version(key, version)]
        : run.Get(_ifRevision) is { } revision ? [KeyValueCondition.Revision(key, revision)]
        : run.Parsed.GetResult(_ifAbsent) is not null && run.Get(_ifAbsent) ? [KeyValueCondition.Absent(key)]
        : [];

    private static Option<long?> Number(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "number",
        CustomParser = result => Parse(name, result),
    };

    private static long? Parse(string name, ArgumentResult result)
    {
        if (long.TryParse(result.Tokens.Single().Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            return number;
        }

        result.AddError($"{name} is a number from 1 on, not '{result.Tokens.Single().Value}'.");
        return null;
    }
}
