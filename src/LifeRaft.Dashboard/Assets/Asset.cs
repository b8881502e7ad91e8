using System.Security.Cryptography;

namespace LifeRaft.Dashboard;

/// <summary>One file of the page, out of this assembly.</summary>
/// <param name="Path">Where it is, relative to the page; empty for the page itself.</param>
internal sealed record Asset(string Path, string ContentType, byte[] Content)
{
    private const string Folder = "wwwroot/";

    private static readonly Dictionary<string, string> _types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".mjs"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    /// <summary>Changes with the content.</summary>
    public string ETag { get; } = $"\"{Convert.ToHexStringLower(SHA256.HashData(Content))[..16]}\"";

    /// <summary>All files that a browser asks for; licences and notes stay in the assembly.</summary>
    public static IEnumerable<Asset> All()
    {
        var assembly = typeof(Asset).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            if (_types.TryGetValue(System.IO.Path.GetExtension(name), out var type))
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                var content = new byte[stream.Length];
                stream.ReadExactly(content);
                var path = name[Folder.Length..];
                yield return new Asset(path == "index.html" ? "" : path, type, content);
            }
        }
    }
}
