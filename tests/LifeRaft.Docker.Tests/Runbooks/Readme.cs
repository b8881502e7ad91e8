using System.Text.RegularExpressions;

namespace LifeRaft.Docker.Tests;

/// <summary>What docker/README.md tells its reader to type.</summary>
internal static partial class Readme
{
    public const string Path = "docker/README.md";

    public static string Text { get; } = Tree.Read(Path);

    /// <summary>The lines of its blocks of code, those that a backslash continues joined, and its inline code.</summary>
    public static IReadOnlyList<string> Code { get; } =
    [
        .. Block().Matches(Text).SelectMany(match => Continued().Replace(match.Groups["code"].Value, " ").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)),
        .. Span().Matches(Block().Replace(Text, "")).Select(match => match.Groups["code"].Value.ReplaceLineEndings(" ")),
    ];

    /// <summary>The command lines of the liferaft tool, without its name: by itself, in a container, or offline on a volume.</summary>
    public static IReadOnlyList<string> ToolCommands { get; } = [.. Code.Select(Arguments).OfType<string>().Distinct()];

    private static string? Arguments(string code) => code switch
    {
        _ when code.StartsWith("alias ", StringComparison.Ordinal) => null,
        _ when code.StartsWith("liferaft ", StringComparison.Ordinal) => WithoutComment(code["liferaft ".Length..]),
        _ when code.StartsWith("offline ", StringComparison.Ordinal) => code.Split(' ', 3)[2],
        _ when code.Contains(" exec ", StringComparison.Ordinal) && code.LastIndexOf(" liferaft ", StringComparison.Ordinal) is > 0 and var at => code[(at + " liferaft ".Length)..],
        _ => null,
    };

    private static string WithoutComment(string code) => code.Split(" #")[0].Trim();

    [GeneratedRegex(@"```\w*\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"`(?<code>[^`]+)`")]
    private static partial Regex Span();

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continued();
}
