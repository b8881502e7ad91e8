using LifeRaft.Storage.RocksDb;

namespace LifeRaft.Cli;

/// <summary>What is said of a directory besides its nodes.</summary>
internal static class WalText
{
    public static void TellOfTornRecords(CommandRun run, ClosedStore store)
    {
        foreach (var (file, offset) in store.TornRecords)
        {
            run.Error.WriteLine($"{file} ends within a record, at byte {offset}: it was being written when the machine stopped, was never acknowledged, and the next start drops it.");
        }
    }
}
