namespace LifeRaft.Silo.Tests;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("liferaft-silo-").FullName;

    public string Write(string name, string content)
    {
        var file = System.IO.Path.Combine(Path, name);
        File.WriteAllText(file, content);
        return file;
    }

    /// <summary>Writes a file that only those may use whom the mode names; Windows has no such modes.</summary>
    public string Write(string name, string content, UnixFileMode mode)
    {
        File.Delete(System.IO.Path.Combine(Path, name));
        var file = Write(name, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, mode);
        }

        return file;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
