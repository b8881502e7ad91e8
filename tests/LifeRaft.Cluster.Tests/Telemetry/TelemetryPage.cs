namespace LifeRaft.Cluster.Tests;

/// <summary>The tables of the page that lists what LifeRaft measures and says.</summary>
internal static class TelemetryPage
{
    public const string Path = "src/LifeRaft.Hosting/Telemetry/README.md";

    /// <summary>The cells of the table below that heading, without its head.</summary>
    public static List<string[]> Read(string heading)
    {
        var lines = File.ReadAllLines(System.IO.Path.Combine(Repository.Root, Path));
        return [.. lines
            .SkipWhile(line => line.TrimStart('#', ' ') != heading || !line.StartsWith('#'))
            .Skip(1)
            .TakeWhile(line => !line.StartsWith('#'))
            .Where(line => line.StartsWith('|'))
            .Skip(2)
            .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim().Trim('`')).ToArray())];
    }

    /// <summary>Fails with the rows that are to be added and removed.</summary>
    public static void Compare(string heading, IReadOnlyCollection<string> real, IReadOnlyCollection<string> listed)
    {
        var problems = real.Except(listed).Select(row => $"  add     | {row} |")
            .Concat(listed.Except(real).Select(row => $"  remove  | {row} |"))
            .ToList();
        Assert.True(problems.Count == 0, $"'{heading}' of {Path} is not what the code has:\n{string.Join('\n', problems)}");
        Assert.Equal(real, listed);
    }
}
