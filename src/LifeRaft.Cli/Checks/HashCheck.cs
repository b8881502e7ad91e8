using System.Collections.Concurrent;
using System.CommandLine;
using Orleans.Runtime.Messaging;

namespace LifeRaft.Cli;

/// <summary>
/// The command <c>check hash</c>: whether all members have the same state. A state is comparable only with one at the same index, so each
/// member is asked again until there is an index at which all were seen; on a group that is written to all the time, that takes luck.
/// </summary>
internal static class HashCheck
{
    private static readonly Argument<string> _group = GroupArgument.Required();

    public static Command Create()
    {
        var command = new Command("hash", "Whether all members of a group hold the same state, by its hash at the same index: exit code 1 if not.") { _group };
        command.Runs(async run =>
        {
            await using var connection = await run.Connect();
            var group = connection.Group(run.Get(_group)!);
            var report = await connection.Operations().Look(group.Name.ToString(), run.CancellationToken);
            var samples = await Looking.Until(connection, new HashSampling(group, report).Look, samples => samples.IsDecided, run.CancellationToken);
            Show(run, group, samples);
            return samples.Problem is null ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }

    private static void Show(CommandRun run, RaftGroup group, HashSamples samples)
    {
        var listing = new Listing<HashRow>()
            .Column("node", row => row.Node)
            .Column("index", row => Figures.Of(row.Index), isRight: true)
            .Column("state hash (SHA-256)", row => run.Format == OutputFormat.Wide ? row.Hash ?? row.Problem ?? "" : row.Hash?[..16] ?? row.Problem ?? "", colour: row => row.Hash is null ? "red" : null);
        run.Write(new { group = group.Name.ToString(), isSame = samples.Problem is null, samples.Problem, index = samples.Common, members = samples.Rows }, listing, samples.Rows);
        if (!run.IsJson)
        {
            run.Output.WriteLine(samples.Problem ?? $"All {Figures.Count(samples.Rows.Count, "member")} of {group.Name} hold the same state at index {Figures.Of(samples.Common)}.");
        }
    }
}

/// <summary>Asks the members for their hashes, and remembers all answers.</summary>
internal sealed class HashSampling(RaftGroup group, GroupReport report)
{
    private readonly Dictionary<string, SortedDictionary<long, string>> _seen = report.Members.ToDictionary(member => member.Address, _ => new SortedDictionary<long, string>());
    private readonly ConcurrentDictionary<string, IRaftNode> _nodes = []; // All members are asked at once.

    public async Task<HashSamples> Look()
    {
        var problems = (await Task.WhenAll(report.Members.Select(Ask))).Where(answer => answer.Problem is not null).ToDictionary(answer => answer.Node, answer => answer.Problem!);
        return HashSamples.Of(_seen, problems);
    }

    private async Task<(string Node, string? Problem)> Ask(GroupMember member)
    {
        if (member.Node is null)
        {
            return (member.Address, member.Problem ?? "is not there");
        }

        try
        {
            if (!_nodes.TryGetValue(member.Address, out var node))
            {
                _nodes[member.Address] = node = await group.Node(member.Address);
            }

            var hash = await node.StateHash();
            _seen[member.Address][hash.Index.Value] = hash.Hash;
            return (member.Address, null);
        }
        catch (Exception failure) when (failure is RaftException or OrleansException or TimeoutException or ConnectionFailedException)
        {
            return (member.Address, failure.Message);
        }
    }
}
