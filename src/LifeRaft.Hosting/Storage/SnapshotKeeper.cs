using System.Globalization;

namespace LifeRaft.Hosting;

/// <summary>The snapshots of all nodes of a store, each node's in a directory that is named after its number.</summary>
/// <param name="directory">Where they lie.</param>
/// <param name="device">How files are reached.</param>
/// <param name="description">Kind and place of the store, for errors.</param>
/// <param name="reads">Keeps the store open meanwhile.</param>
/// <param name="stop">Stops the store for good.</param>
/// <param name="notTidied">Hears of what could not be removed.</param>
internal sealed class SnapshotKeeper(
    string directory, SnapshotDevice device, string description, ReadGate reads, Func<string, Exception, LogStoreStoppedException> stop, Action<Exception> notTidied)
{
    public SnapshotFiles Of(long number, long epoch) =>
        new(Path.Combine(directory, number.ToString(CultureInfo.InvariantCulture)), epoch, device, description);

    /// <summary>Writes files of a node. Where the device fails, the store stops like at any failed write; a user's failure passes.</summary>
    public T Write<T>(StoredNodeLog log, Func<SnapshotFiles, T> write)
    {
        if (log.Number == 0)
        {
            throw new LogStoreException($"{description}: node {log.Node} has stored nothing yet, so it has no snapshots.");
        }

        return reads.Read(description, () =>
        {
            try
            {
                return log.Loss is { } lost ? throw lost : write(log.Snapshots);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // A newer claim removes what older ones were writing; that is no failure of the device.
                var end = log.Loss as LogStoreException ?? stop($"a snapshot could not be written: {failure.Message}", failure);
                RemoveNow(log.Snapshots.GiveUp);
                throw end;
            }
        });
    }

    /// <summary>Removes the snapshots of nodes that are not there any more.</summary>
    public void RemoveAllBut(IEnumerable<long> numbers)
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        var known = numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)).ToHashSet();
        foreach (var orphan in Directory.EnumerateDirectories(directory).Where(IsOrphan))
        {
            RemoveNow(() => Directory.Delete(orphan, recursive: true));
        }

        bool IsOrphan(string node) => long.TryParse(Path.GetFileName(node), NumberStyles.None, CultureInfo.InvariantCulture, out _) && !known.Contains(Path.GetFileName(node));
    }

    /// <summary>Removes something superfluous. That it cannot be removed keeps nobody from working.</summary>
    public void RemoveNow(Action removal)
    {
        try
        {
            removal();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            notTidied(failure);
        }
    }
}
