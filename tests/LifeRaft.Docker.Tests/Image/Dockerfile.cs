namespace LifeRaft.Docker.Tests;

/// <summary>A stage of a Dockerfile: from one FROM to the next.</summary>
/// <param name="Name">What COPY --from calls it, or null.</param>
/// <param name="Base">The image or the stage that it begins with.</param>
/// <param name="Instructions">Those after FROM.</param>
internal sealed record Stage(string? Name, string Base, IReadOnlyList<Instruction> Instructions)
{
    public IEnumerable<Instruction> All(string keyword) => Instructions.Where(each => each.Keyword == keyword);

    public Instruction Only(string keyword) => Assert.Single(All(keyword));
}

/// <summary>A Dockerfile as its builder reads it.</summary>
internal static class Dockerfile
{
    public const string Path = "docker/Dockerfile";

    private static readonly HashSet<string> _keywords =
        ["ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"];

    public static IReadOnlyList<Stage> Stages { get; } = [.. Read(Tree.Read(Path))];

    /// <summary>What becomes the image.</summary>
    public static Stage Final => Stages[^1];

    private static IEnumerable<Stage> Read(string text)
    {
        var instructions = Instructions(text).ToList();
        Assert.All(instructions, each => Assert.True(_keywords.Contains(each.Keyword), $"{Path}:{each.Line}: {each.Keyword} is no instruction."));
        for (var index = 0; index < instructions.Count;)
        {
            var from = instructions[index];
            Assert.Equal("FROM", from.Keyword); // No ARG before the first one here.
            var rest = instructions.Skip(index + 1).TakeWhile(each => each.Keyword != "FROM").ToList();
            var words = from.Words;
            yield return new Stage(words.Count == 3 && words[1].Equals("AS", StringComparison.OrdinalIgnoreCase) ? words[2] : null, words[0], rest);
            index += rest.Count + 1;
        }
    }

    private static IEnumerable<Instruction> Instructions(string text)
    {
        var joined = "";
        var (line, start) = (0, 0);
        foreach (var raw in text.Split('\n').Select(each => each.Trim()))
        {
            line++;
            if (raw.Length == 0 || raw.StartsWith('#'))
            {
                continue;
            }

            start = joined.Length == 0 ? line : start;
            joined += raw.TrimEnd('\\').TrimEnd() + " ";
            if (!raw.EndsWith('\\'))
            {
                yield return Instruction.Parse(start, joined.Trim());
                joined = "";
            }
        }
    }
}
