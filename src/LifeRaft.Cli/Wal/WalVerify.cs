using System.CommandLine;
using System.Globalization;
using LifeRaft.Hosting;
using LifeRaft.Storage.RocksDb;

namespace LifeRaft.Cli;

/// <summary><c>wal verify</c>.</summary>
internal static class WalVerify
{
    private static readonly Listing<VerifiedNode> _listing = new Listing<VerifiedNode>()
        .Column("node", node => node.Node)
        .Column("entries", node => Number(node.Entries), isRight: true)
        .Column("bytes", node => Number(node.EntryBytes), isRight: true)
        .Column("snapshot bytes", node => node.SnapshotBytes == 0 ? "-" : Number(node.SnapshotBytes), isRight: true);

    public static Command Create()
    {
        var command = new Command(
            "verify", "Reads everything in the directory and compares it with its checksums: the write-ahead log, every record, every entry, every snapshot. Exit code 1 at the first damage, with its place.");
        command.Runs(Run);
        return command;
    }

    private static async Task<int> Run(CommandRun run)
    {
        try
        {
            using var store = ClosedStore.Open(run.Get(WalCommand.Data)!);
            var verified = await ProgressBar.While(run, "verifying", progress => Task.Run(() => store.Verify(progress, run.CancellationToken)));
            run.Write(
                new
                {
                    isWhole = true,
                    damage = (string?)null,
                    records = verified.Records,
                    bytes = verified.Bytes,
                    tornRecords = store.TornRecords.Select(torn => new { file = torn.File, offset = torn.Offset }),
                    nodes = verified.Nodes,
                },
                _listing,
                verified.Nodes);
            if (!run.IsJson)
            {
                await run.Error.WriteLineAsync($"Everything is whole: {Number(verified.Records)} records, {Number(verified.Bytes)} bytes.");
            }

            WalText.TellOfTornRecords(run, store);
            return ExitCodes.Done;
        }
        catch (LogStoreCorruptException damage)
        {
            if (run.IsJson)
            {
                Json.Write(run.Output, new { isWhole = false, damage = damage.Message, records = (long?)null, bytes = (long?)null, tornRecords = Array.Empty<object>(), nodes = Array.Empty<object>() });
                return ExitCodes.Failed;
            }

            throw;
        }
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
