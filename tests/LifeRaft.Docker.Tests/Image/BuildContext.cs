using System.Text.RegularExpressions;

namespace LifeRaft.Docker.Tests;

/// <summary>What the builder sees of the repository: all but what the .dockerignore beside the Dockerfile leaves out. The last rule that fits wins.</summary>
internal static class BuildContext
{
    private static readonly List<(Regex Path, bool IsKept)> _rules =
    [
        .. Tree.Read($"{Dockerfile.Path}.dockerignore").Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.Length > 0 && !line.StartsWith('#'))
            .Select(line => (Pattern(line.TrimStart('!')), line.StartsWith('!'))),
    ];

    /// <summary>The files, relative to the root, with slashes.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Under("").Order(StringComparer.Ordinal)];

    /// <summary>The files that a source of a COPY means: a file, or a folder with all that is in it.</summary>
    public static IReadOnlyList<string> Matching(string source)
    {
        var path = source.TrimEnd('/');
        return [.. Files.Where(file => file == path || file.StartsWith($"{path}/", StringComparison.Ordinal))];
    }

    private static IEnumerable<string> Under(string folder)
    {
        foreach (var entry in new DirectoryInfo(Tree.PathOf(folder)).EnumerateFileSystemInfos())
        {
            var path = folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}";
            if (entry is FileInfo)
            {
                if (IsKept(path))
                {
                    yield return path;
                }
            }
            else if (entry.Name is not ("bin" or "obj" or ".git")) // Left out by the rules; not walking them saves seconds.
            {
                foreach (var file in Under(path))
                {
                    yield return file;
                }
            }
        }
    }

    private static bool IsKept(string path) => _rules.LastOrDefault(rule => rule.Path.IsMatch(path), (null!, true)).Item2;

    /// <summary>A pattern of .dockerignore names a path or any folder above it.</summary>
    private static Regex Pattern(string pattern)
    {
        var body = Regex.Escape(pattern.Trim('/')).Replace(@"\*\*/", "(.*/)?", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal);
        return new Regex($"^{body}(/.*)?$", RegexOptions.CultureInvariant);
    }
}
