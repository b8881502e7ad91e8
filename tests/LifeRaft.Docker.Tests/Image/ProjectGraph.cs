using System.Xml.Linq;

namespace LifeRaft.Docker.Tests;

/// <summary>Which projects a project is built from.</summary>
internal static class ProjectGraph
{
    /// <summary>The project files, relative to the root, with slashes: the given ones and all that they refer to.</summary>
    public static IReadOnlyCollection<string> Closure(params string[] projects)
    {
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<string>(projects);
        while (waiting.TryDequeue(out var project))
        {
            if (seen.Add(project))
            {
                var folder = Path.GetDirectoryName(Tree.PathOf(project))!;
                foreach (var reference in XDocument.Load(Tree.PathOf(project)).Descendants("ProjectReference"))
                {
                    var path = Path.GetFullPath(Path.Combine(folder, reference.Attribute("Include")!.Value.Replace('\\', '/')));
                    waiting.Enqueue(Path.GetRelativePath(Tree.Root, path).Replace('\\', '/'));
                }
            }
        }

        return seen;
    }
}
