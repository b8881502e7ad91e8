using LifeRaft.Hosting;
using RocksDbSharp;

namespace LifeRaft.Storage.RocksDb;

/// <summary>Opens the database and says what is in the way when it does not open.</summary>
internal static class DatabaseFiles
{
    internal static RocksDbSharp.RocksDb Open(RocksDbLogStoreOptions options, RocksDbDevice device, string description) => Opened(description, () =>
    {
        Directory.CreateDirectory(options.Directory);
        ThrowIfHeadless(options.Directory, description);
        return RocksDbSharp.RocksDb.Open(device.OptionsOf(options), options.Directory);
    });

    /// <summary>Opens the database without changing its files; what its write-ahead log holds is read into memory only.</summary>
    internal static RocksDbSharp.RocksDb OpenToRead(RocksDbLogStoreOptions options, RocksDbDevice device, string description) => Opened(
        description, () => RocksDbSharp.RocksDb.OpenReadOnly(device.OptionsOf(options), options.Directory, errorIfLogFileExists: false));

    private static RocksDbSharp.RocksDb Opened(string description, Func<RocksDbSharp.RocksDb> open)
    {
        try
        {
            return open();
        }
        catch (RocksDbException failure) when (IsAboutTheLock(failure))
        {
            throw new LogStoreException(
                $"{description} is open already, in this process or in another one ({failure.Message}). One silo owns a directory: "
                + "stop the other one, or give this silo a directory of its own.",
                failure);
        }
        catch (RocksDbException failure) when (failure.Message.Contains("Corruption", StringComparison.Ordinal))
        {
            throw new LogStoreCorruptException(
                $"{description} is damaged: {failure.Message} Nothing was skipped or repaired. Let the silo start with an empty "
                + "directory and its nodes join again.",
                failure);
        }
        catch (Exception failure) when (failure is RocksDbException or IOException or UnauthorizedAccessException)
        {
            throw new LogStoreException($"{description} does not open: {failure.Message} Look at the directory and its device, then start again.", failure);
        }
    }

    /// <summary>
    /// RocksDB takes a directory without the file CURRENT for an empty one and would begin anew, whatever else lies there. A node
    /// that forgets so is worse than one that does not start.
    /// </summary>
    internal static void ThrowIfHeadless(string directory, string description)
    {
        if (!File.Exists(Path.Combine(directory, "CURRENT"))
            && Directory.EnumerateFiles(directory).FirstOrDefault(IsData) is { } orphan)
        {
            throw new LogStoreCorruptException(
                $"{description} is damaged: the file CURRENT is missing, but there is {Path.GetFileName(orphan)}. Nothing was changed. "
                + "Let the silo start with an empty directory and its nodes join again.");
        }
    }

    /// <summary>RocksDB tells its errors apart by text only: the first one is within a process, the second one between two.</summary>
    private static bool IsAboutTheLock(RocksDbException failure) =>
        failure.Message.Contains("lock hold by current process", StringComparison.Ordinal)
        || failure.Message.Contains("While lock file", StringComparison.Ordinal);

    private static bool IsData(string file) => Path.GetExtension(file) == ".sst" || (WalFile.IsWal(file) && new FileInfo(file).Length > 0);
}
