using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>How good a read must be: linearizable, by the leader's lease, or whatever a node has.</summary>
internal static class ReadOptions
{
    private static readonly Option<bool> _stale = new("--stale")
    {
        Description = "Ask one node for what it has, without the leader: it may be old, works without a majority, and how old it is is told.",
    };

    private static readonly Option<bool> _lease = new("--lease")
    {
        Description = "Let the leader answer by its lease, without asking the others: faster, and as good as the clocks.",
    };

    private static readonly Option<string?> _node = new("--node")
    {
        Description = "With --stale, the node to ask, for instance 1@silo-a. [default: the one that has applied most]",
        HelpName = "address",
    };

    /// <summary>Gives a command these options.</summary>
    public static void AddTo(Command command)
    {
        command.Add(_stale);
        command.Add(_lease);
        command.Add(_node);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_stale) && result.GetValue(_lease))
            {
                result.AddError("--stale and --lease exclude each other.");
            }

            if (result.GetResult(_node) is not null && !result.GetValue(_stale))
            {
                result.AddError("--node belongs to --stale: other reads go to the leader.");
            }
        });
    }

    /// <summary>What to read from.</summary>
    /// <exception cref="GroupUnavailableException">It is to be stale, and no node of the group answers.</exception>
    public static async Task<IRaftCommands> Source(CommandRun run, RaftGroup group)
    {
        if (run.Get(_stale))
        {
            return await StaleNode.Choose(group, run.Get(_node), run.CancellationToken);
        }

        group.Reads = run.Get(_lease) ? ReadConsistency.Lease : ReadConsistency.Linearizable;
        return group;
    }

    /// <summary>Says how old a stale answer was.</summary>
    public static async Task TellAge(CommandRun run, IRaftCommands source)
    {
        if (source is StaleNode { LastAnswer: { } answer } node && !run.IsJson)
        {
            await run.Error.WriteLineAsync($"As {node.Address} has it, up to entry {answer.Applied}: {(answer.Age is { } age ? $"it was all there was {Duration.Format(TimeSpan.FromMilliseconds(Math.Ceiling(age.TotalMilliseconds)))} ago." : "it has heard of no leader, so nobody knows how old that is.")}");
        }
    }

    /// <summary>The same for programs; null if the answer is not stale.</summary>
    public static StaleDocument? Document(IRaftCommands source) =>
        source is StaleNode { LastAnswer: { } answer } node ? new StaleDocument(node.Address, answer.Applied.Value, answer.Age?.TotalMilliseconds) : null;
}

/// <summary>Whence a stale answer comes.</summary>
/// <param name="Node">The node that answered.</param>
/// <param name="Applied">The last entry that it had applied.</param>
/// <param name="AgeMs">How long ago that was all there was; null when nobody knows.</param>
internal sealed record StaleDocument(string Node, long Applied, double? AgeMs);
