namespace LifeRaft.Silo.Tests;

/// <summary>Files of the repository.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>A file of <c>silo-config/</c>.</summary>
    public static string SiloConfig(string name) => Path.Combine(Root, "silo-config", name);

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "LifeRaft.sln")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException($"There is no LifeRaft.sln above {AppContext.BaseDirectory}; run the tests from a build within the repository.");
    }
}
