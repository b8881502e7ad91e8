using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LifeRaft.Hosting;

/// <summary>How the store reaches its segments. Production uses it as it is; tests derive from it to fail, to count or to stop at a step.</summary>
internal partial class WriteAheadDevice : SnapshotDevice
{
    private static readonly byte[] _zeros = new byte[1024 * 1024];

    /// <summary>
    /// Makes a file of that size, filled with zeros that are on the device: a later write changes neither its length nor where it lies, so a
    /// sync of it waits for nothing but its data.
    /// </summary>
    internal virtual void Allocate(string file, long bytes)
    {
        using var handle = File.OpenHandle(file, FileMode.Create, FileAccess.Write);
        for (var offset = 0L; offset < bytes; offset += _zeros.Length)
        {
            RandomAccess.Write(handle, _zeros.AsSpan(0, (int)Math.Min(_zeros.Length, bytes - offset)), offset);
        }

        RandomAccess.FlushToDisk(handle);
    }

    internal virtual SafeFileHandle Open(string file) => File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    internal virtual void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(file, bytes, offset);

    /// <summary>Makes what was written durable.</summary>
    internal virtual void Sync(SafeFileHandle file)
    {
        if (OperatingSystem.IsLinux())
        {
            // Unlike fsync it does not wait for the time of the last change to be written, too.
            if (DataSync(file) != 0)
            {
                throw new IOException($"A segment could not be synced: error {Marshal.GetLastPInvokeError()}.");
            }
        }
        else
        {
            RandomAccess.FlushToDisk(file);
        }
    }

    internal virtual void Delete(string file) => File.Delete(file);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int DataSync(SafeFileHandle descriptor);
}
