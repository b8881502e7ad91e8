using LifeRaft.Hosting;

namespace LifeRaft.Storage.RocksDb;

/// <summary>Finds out whether another process has a store open, without opening it.</summary>
internal static class DirectoryUse
{
    /// <remarks>
    /// RocksDB locks its file LOCK by <c>fcntl</c>, as .NET does. Such locks are those of a process: within the one that has the store open
    /// this notices nothing and takes the lock away, so it is only for programs that open no store of their own there.
    /// </remarks>
    /// <exception cref="LogStoreException">A process has it open.</exception>
    internal static void ThrowIfOpen(string directory, string description)
    {
        var path = Path.Combine(directory, "LOCK");
        if (!File.Exists(path) || OperatingSystem.IsMacOS())
        {
            return; // .NET cannot ask for such a lock on macOS.
        }

        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (UnauthorizedAccessException)
        {
            return; // Whoever may not write here looks at a copy, or at files that no silo of this user has open.
        }
        catch (IOException failure)
        {
            throw InUse(description, failure);
        }

        using (file)
        {
            try
            {
                file.Lock(0, 0);
                file.Unlock(0, 0);
            }
            catch (IOException failure)
            {
                throw InUse(description, failure);
            }
        }
    }

    private static LogStoreException InUse(string description, Exception failure) => new(
        $"{description} is open in another process: a silo runs on it. Stop that, or look at the group while it runs (liferaft log, liferaft status). Nothing was changed.", failure);
}
