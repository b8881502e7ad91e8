using System.CommandLine;
using System.Globalization;
using LifeRaft.Protocol;
using LifeRaft.Storage.RocksDb;

namespace LifeRaft.Cli;

/// <summary><c>wal inspect</c>.</summary>
internal static class WalInspect
{
    private static readonly Listing<(string Node, RestoredNode Found)> _listing = new Listing<(string Node, RestoredNode Found)>()
        .Column("node", row => row.Node)
        .Column("group", row => row.Found.Identity.IsBlank ? "-" : $"{row.Found.Identity.Group}")
        .Column("member", row => row.Found.Identity.IsBlank ? "-" : $"{row.Found.Identity.Member}", isWide: true)
        .Column("term", row => Number(row.Found.HardState.Term.Value), isRight: true)
        .Column("voted for", row => row.Found.HardState.VotedFor.IsNone ? "-" : $"{row.Found.HardState.VotedFor}", isWide: true)
        .Column("entries", row => row.Found.Last > row.Found.Base.Index ? $"{row.Found.Base.Index + 1} to {row.Found.Last}" : "-", isRight: true)
        .Column("last term", row => Number(LastTerm(row.Found).Value), isRight: true)
        .Column("snapshot", row => row.Found.Snapshot is { } snapshot ? Number(snapshot.Index.Value) : "-", isRight: true)
        .Column("snapshot bytes", row => row.Found.Snapshot is { } snapshot ? Number(snapshot.Bytes) : "-", isRight: true, isWide: true)
        .Column("members", row => string.Join(", ", Configuration(row.Found).Everyone.Select(member => member.Address)));

    public static Command Create()
    {
        var command = new Command("inspect", "Shows which nodes the directory holds, their terms, logs, snapshots and members.");
        command.Runs(run =>
        {
            using var store = ClosedStore.Open(run.Get(WalCommand.Data)!);
            var nodes = store.Nodes.Select(node => (Node: node, Found: store.Look(node))).ToList();
            run.Write(
                new
                {
                    startCount = store.StartCount,
                    tornRecords = store.TornRecords.Select(torn => new { file = torn.File, offset = torn.Offset }),
                    nodes = nodes.Select(row => Document(row.Node, row.Found)),
                },
                _listing,
                nodes);
            WalText.TellOfTornRecords(run, store);
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }

    private static object Document(string node, RestoredNode found)
    {
        var configuration = Configuration(found);
        return new
        {
            node,
            group = found.Identity.IsBlank ? null : $"{found.Identity.Group.Value}",
            member = found.Identity.IsBlank ? null : $"{found.Identity.Member.Value}",
            term = found.HardState.Term.Value,
            votedFor = found.HardState.VotedFor.IsNone ? null : $"{found.HardState.VotedFor.Value}",
            @base = found.Base.Index.Value,
            last = found.Last.Value,
            lastTerm = LastTerm(found).Value,
            snapshot = found.Snapshot is { } snapshot ? new { index = snapshot.Index.Value, term = snapshot.Term.Value, bytes = snapshot.Bytes } : null,
            voters = configuration.Voters.Select(member => member.Address),
            outgoing = configuration.Outgoing.Select(member => member.Address),
            learners = configuration.Learners.Select(member => member.Address),
        };
    }

    private static Term LastTerm(RestoredNode found) => found.TermStarts.Count == 0 ? found.Base.Term : found.TermStarts[^1].Term;

    private static GroupConfiguration Configuration(RestoredNode found) =>
        found.Configurations.Count > 0 ? GroupConfigurationCodec.Decode(found.Configurations[^1].Payload) : found.Snapshot?.Configuration ?? GroupConfiguration.None;

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
