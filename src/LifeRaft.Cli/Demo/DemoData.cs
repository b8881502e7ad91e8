namespace LifeRaft.Cli;

/// <summary>The directory of the logs. What the demo has made there goes with it, and nothing else.</summary>
internal sealed class DemoData : IDisposable
{
    private readonly bool _isOurs;
    private readonly bool _isKept;
    private readonly List<string> _silos = [];

    private DemoData(string path, bool isOurs, bool isKept) => (Path, _isOurs, _isKept) = (path, isOurs, isKept);

    public string Path { get; }

    public bool IsKept => _isKept;

    /// <exception cref="IOException">The directory holds something already: it is somebody's, and would be removed.</exception>
    public static DemoData Create(string? path, bool isKept)
    {
        if (path is null)
        {
            return new DemoData(Directory.CreateTempSubdirectory("liferaft-demo-").FullName, isOurs: true, isKept);
        }

        var full = System.IO.Path.GetFullPath(path);
        var existed = Directory.Exists(full);
        if (existed && Directory.EnumerateFileSystemEntries(full).Any())
        {
            throw new IOException($"The directory {full} is not empty. The demo begins with empty logs: name another directory, or empty this one.");
        }

        Directory.CreateDirectory(full);
        return new DemoData(full, !existed, isKept);
    }

    /// <summary>The directory of one silo.</summary>
    public string Of(string silo)
    {
        var directory = System.IO.Path.Combine(Path, silo);
        if (!_silos.Contains(directory))
        {
            _silos.Add(directory);
        }

        return directory;
    }

    public void Dispose()
    {
        if (_isKept)
        {
            return;
        }

        foreach (var silo in _silos.Where(Directory.Exists))
        {
            Directory.Delete(silo, recursive: true);
        }

        if (_isOurs && Directory.Exists(Path))
        {
            Directory.Delete(Path);
        }
    }
}
