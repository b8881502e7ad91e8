using System.Globalization;
using LifeRaft.Hosting;

namespace LifeRaft.Storage.RocksDb;

/// <summary>
/// Looks at the write-ahead log before RocksDB recovers from it. Every write is synced before the next one begins, so at most the
/// last record can be incomplete, and it was never acknowledged. Damage anywhere else is a loss of what was acknowledged; RocksDB
/// would drop everything behind it without a word, or skip to the next block.
/// </summary>
internal static class WalInspection
{
    /// <summary>Returns the incomplete last records that recovery will drop; none after a clean stop.</summary>
    /// <exception cref="LogStoreCorruptException">Good records follow damage.</exception>
    internal static List<(string File, long Offset)> Inspect(string directory, string description)
    {
        var torn = new List<(string, long)>();
        WalFile? damaged = null;
        ulong? next = null;
        foreach (var file in Read(directory))
        {
            if (damaged is not null && file.FirstSequence is { } first && first != next)
            {
                throw Corrupt(description, damaged, $"{file.Name} goes on with change {first} where {next?.ToString(CultureInfo.InvariantCulture) ?? "an unknown one"} belongs");
            }

            if (file.GoodRecordAfterDamageOffset is { } good)
            {
                throw Corrupt(description, file, $"a good record follows at byte {good}");
            }

            if (file.DamageOffset is { } offset)
            {
                damaged = file;
                torn.Add((file.Name, offset));
            }

            next = file.NextSequence ?? next;
        }

        return torn;
    }

    private static IEnumerable<WalFile> Read(string directory)
    {
        if (!Directory.Exists(directory))
        {
            yield break;
        }

        foreach (var path in Directory.EnumerateFiles(directory).Where(WalFile.IsWal).OrderBy(NumberOf))
        {
            WalFile file;
            try
            {
                file = WalFile.Read(path);
            }
            catch (FileNotFoundException)
            {
                continue; // Another process has the store open and is done with this file; RocksDB's lock will say so.
            }

            yield return file;
        }
    }

    private static ulong NumberOf(string path) => ulong.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture);

    private static LogStoreCorruptException Corrupt(string description, WalFile file, string reason) => new(
        $"{description} is damaged: {file.Name} is unreadable at byte {file.DamageOffset}, and {reason}, so acknowledged writes are lost. "
        + "Nothing was skipped or repaired. Let the silo start with an empty directory and its nodes join again.");
}
