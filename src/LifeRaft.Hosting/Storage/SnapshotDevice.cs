using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace LifeRaft.Hosting;

/// <summary>How the store reaches the files of snapshots. Production uses it as it is; tests derive from it to fail or stop at a step.</summary>
internal partial class SnapshotDevice
{
    /// <summary>Opens a file to be written from its end on, creating it when there is none.</summary>
    internal virtual Stream Append(string file) => new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 64 * 1024);

    /// <summary>Opens a file to be read; one that is deleted meanwhile stays readable.</summary>
    internal virtual Stream OpenRead(string file) => new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 64 * 1024);

    /// <summary>Makes what was written durable.</summary>
    internal virtual void Sync(Stream file) => ((FileStream)file).Flush(flushToDisk: true);

    /// <summary>
    /// Gives a complete file its name, durably: a crash leaves the one name or the other. Its directory and the one above may be new, so
    /// their names are made durable, too.
    /// </summary>
    internal virtual void Publish(string temporary, string file)
    {
        File.Move(temporary, file, overwrite: true);
        var directory = file;
        for (var level = 0; level < 3; level++)
        {
            SyncNamesIn(directory = Path.GetDirectoryName(directory)!);
        }
    }

    internal virtual void SyncNamesIn(string directory)
    {
        if (!OperatingSystem.IsWindows())
        {
            SyncDirectory(directory);
        }
    }

    /// <summary>A name is durable once its directory was synced. .NET opens no directories, and Windows needs none of this.</summary>
    [UnsupportedOSPlatform("windows")]
    private static void SyncDirectory(string directory)
    {
        const int ReadOnly = 0;
        var descriptor = Open(directory, ReadOnly);
        try
        {
            if (descriptor < 0 || Fsync(descriptor) != 0)
            {
                throw new IOException($"The directory {directory} could not be synced: error {Marshal.GetLastPInvokeError()}.");
            }
        }
        finally
        {
            if (descriptor >= 0)
            {
                _ = Close(descriptor);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
