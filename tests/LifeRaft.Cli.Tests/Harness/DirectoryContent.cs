using System.Security.Cryptography;

namespace LifeRaft.Cli.Tests;

/// <summary>What the files of a directory hold, to be compared.</summary>
internal static class DirectoryContent
{
    public static string Of(string directory) => string.Join('\n', Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(file => $"{file} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}"));
}
