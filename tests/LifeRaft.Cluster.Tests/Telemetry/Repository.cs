using System.Reflection;

namespace LifeRaft.Cluster.Tests;

/// <summary>The sources that the tests run beside, and what ships of them.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution: a build in CI maps source paths away.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The assemblies of all projects under src but the samples.</summary>
    public static IReadOnlyList<Assembly> Shipped { get; } = [.. Directory.EnumerateDirectories(Path.Combine(Root, "src"))
        .Select(folder => Path.GetFileName(folder))
        .Where(name => File.Exists(Path.Combine(Root, "src", name, $"{name}.csproj")))
        .Order(StringComparer.Ordinal)
        .Select(Load)
        .OfType<Assembly>()];

    /// <summary>One that the tests do not reference is left out, as long as there is nothing in it for them to see.</summary>
    private static Assembly? Load(string name)
    {
        var folder = Path.Combine(Root, "src", name);
        var built = Path.Combine(AppContext.BaseDirectory, $"{name}.dll");
        if (!File.Exists(built))
        {
            var assembly = File.ReadAllText(Path.Combine(folder, $"{name}.csproj"));
            var renamed = System.Text.RegularExpressions.Regex.Match(assembly, "<AssemblyName>(.*)</AssemblyName>");
            built = renamed.Success ? Path.Combine(AppContext.BaseDirectory, $"{renamed.Groups[1].Value}.dll") : built;
        }

        if (File.Exists(built))
        {
            return Assembly.LoadFrom(built);
        }

        var says = Directory.EnumerateFiles(folder, "*.Log.cs", SearchOption.AllDirectories).FirstOrDefault();
        return says is null ? null : throw new FileNotFoundException($"{says} has log events, but LifeRaft.Cluster.Tests does not reference {name}. Add the reference, so that they are looked at.");
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "LifeRaft.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No LifeRaft.sln above {AppContext.BaseDirectory}.");
        }

        return folder.FullName;
    }
}
