using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace LifeRaft.Storage.RocksDb;

/// <summary>How the store reaches the files of snapshots. Production uses it as it is; tests derive from it to fail or stop at a step.</summary>
internal partial class SnapshotDevice
{
    /// <summary>Opens a file to be written from its end on, creating it when there is none.</summary>
    internal virtual Stream Append(string file) => new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 64 * 1024);

    /// <summary>Makes what was written durable.</summary>
    internal virtual void Sync(Stream file) => ((FileStream)file).Flush(flushToDisk: true);

    /// <summary>Gives a complete file its name, durably: a crash leaves the one name or the other.</summary>
    internal virtual void Publish(string temporary, string file)
    {
        File.Move(temporary, file, overwrite: true);
        if (!OperatingSystem.IsWindows())
        {
            SyncDirectory(Path.GetDirectoryName(file)!);
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
