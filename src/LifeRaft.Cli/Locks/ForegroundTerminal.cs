using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LifeRaft.Cli;

/// <summary>Whether a terminal sends Ctrl-C to this process and to what it has started: it tells all that run in its foreground.</summary>
internal static class ForegroundTerminal
{
    public static bool IsOurs()
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        try
        {
            using var terminal = File.OpenHandle("/dev/tty", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return ForegroundGroup(terminal) == OwnGroup();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false; // There is none.
        }
    }

    [DllImport("libc", EntryPoint = "tcgetpgrp", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ForegroundGroup(SafeFileHandle terminal);

    [DllImport("libc", EntryPoint = "getpgrp")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OwnGroup();
}
