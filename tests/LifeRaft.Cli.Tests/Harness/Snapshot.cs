using System.Runtime.CompilerServices;

namespace LifeRaft.Cli.Tests;

/// <summary>
/// Compares what the tool printed with a text file beside the test, after what differs from run to run was replaced. With the environment
/// variable LIFERAFT_REWRITE_SNAPSHOTS set to 1 the file is written instead: look at the difference before it is committed.
/// </summary>
internal static class Snapshot
{
    private const string Variable = "LIFERAFT_REWRITE_SNAPSHOTS";

    /// <param name="name">The name of the file, without its extension.</param>
    /// <param name="text">What was printed.</param>
    /// <param name="volatiles">What differs from run to run, as regular expressions, and what stands for it.</param>
    /// <param name="caller">The file of the test.</param>
    public static void Matches(string name, string text, (string Pattern, string Replacement)[]? volatiles = null, [CallerFilePath] string caller = "")
    {
        foreach (var (pattern, replacement) in volatiles ?? [])
        {
            text = System.Text.RegularExpressions.Regex.Replace(text, pattern, replacement);
        }

        var file = Path.Combine(FolderOf(caller), "Snapshots", $"{name}.txt");
        if (Environment.GetEnvironmentVariable(Variable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
            return;
        }

        Assert.True(File.Exists(file), $"There is no snapshot {file}. Run the test with {Variable}=1 to write it, and look at it.");
        Assert.Equal(File.ReadAllText(file), text, ignoreLineEndingDifferences: true);
    }

    /// <summary>Where the test lies here: a build for CI names its files by paths that are the same on every machine.</summary>
    private static string FolderOf(string caller)
    {
        const string Project = "LifeRaft.Cli.Tests";
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, $"{Project}.csproj")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} is that of {Project}: run the tests from where they were built.");
        }

        var parts = caller.Split('/', '\\');
        return Path.Combine([folder, .. parts[(Array.LastIndexOf(parts, Project) + 1)..^1]]);
    }
}
