namespace LifeRaft.Cli;

/// <summary>Where the logs of a cluster of <c>up</c> lie. A temporary directory goes with it; one that was named stays.</summary>
internal sealed class UpData : IDisposable
{
    private UpData(string path, bool isTemporary) => (Path, IsTemporary) = (path, isTemporary);

    public string Path { get; }

    public bool IsTemporary { get; }

    public static UpData Open(string? path) => path is null
        ? new UpData(Directory.CreateTempSubdirectory("liferaft-up-").FullName, isTemporary: true)
        : new UpData(Directory.CreateDirectory(path).FullName, isTemporary: false);

    /// <summary>The directory of one silo.</summary>
    public string Of(string silo) => System.IO.Path.Combine(Path, silo);

    public void Dispose()
    {
        if (IsTemporary && Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
