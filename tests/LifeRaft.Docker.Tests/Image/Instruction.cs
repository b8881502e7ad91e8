using System.Text.Json;

namespace LifeRaft.Docker.Tests;

/// <summary>One instruction of a Dockerfile: <c>COPY --from=build /app /app</c> for instance.</summary>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Keyword">In capital letters.</param>
/// <param name="Flags">What stands before its words, without the hyphens: <c>from</c>, <c>build</c>.</param>
/// <param name="Text">The rest, its lines joined.</param>
internal sealed record Instruction(int Line, string Keyword, IReadOnlyDictionary<string, string> Flags, string Text)
{
    public IReadOnlyList<string> Words => Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The program and its arguments where the text is an exec form, a JSON array; null where a shell would be started.</summary>
    public IReadOnlyList<string>? Exec
    {
        get
        {
            try
            {
                return JsonSerializer.Deserialize<List<string>>(Text);
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    public static Instruction Parse(int line, string text)
    {
        var (keyword, rest) = Split(text);
        var flags = new Dictionary<string, string>();
        while (rest.StartsWith("--", StringComparison.Ordinal))
        {
            (var flag, rest) = Split(rest);
            var parts = flag[2..].Split('=', 2);
            flags.Add(parts[0], parts.ElementAtOrDefault(1) ?? "");
        }

        return new Instruction(line, keyword.ToUpperInvariant(), flags, rest);
    }

    private static (string Word, string After) Split(string text)
    {
        var parts = text.Split(' ', 2, StringSplitOptions.TrimEntries);
        return (parts[0], parts.ElementAtOrDefault(1) ?? "");
    }
}
