using System.Diagnostics;

namespace LifeRaft.Chaos;

/// <summary>A file system of its own in memory, small enough to be made full. Mounting it takes Linux and root.</summary>
internal sealed class SmallDisk : IDisposable
{
    // Less than RocksDB would reserve for its log: it cannot, so it has no room of its own when the disk is full.
    private const string Size = "60m";

    private readonly string _filling;

    private SmallDisk(string path) => (Path, _filling) = (path, System.IO.Path.Combine(path, "filling"));

    public string Path { get; }

    /// <summary>Null where it cannot be done.</summary>
    public static SmallDisk? TryMount(string path)
    {
        Directory.CreateDirectory(path);
        return OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={Size}", "liferaft-chaos", path) ? new SmallDisk(path) : null;
    }

    /// <summary>Writes until nothing fits any more, down to the last byte.</summary>
    public void Fill()
    {
        using var file = new FileStream(_filling, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        for (var size = 1024 * 1024; size > 0; size /= 2)
        {
            var filling = new byte[size];
            try
            {
                while (true)
                {
                    file.Write(filling);
                }
            }
            catch (IOException)
            {
                // No space for so many at once; less may fit.
            }
        }
    }

    public void Free() => File.Delete(_filling);

    public void Dispose() => Run("umount", Path);

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
