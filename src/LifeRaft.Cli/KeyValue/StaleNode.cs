using LifeRaft.Protocol;

namespace LifeRaft.Cli;

/// <summary>One node of a group, asked for what it has now. It takes no commands.</summary>
internal sealed class StaleNode : IRaftCommands
{
    private readonly IRaftNode _node;

    private StaleNode(string address, IRaftNode node) => (Address, _node) = (address, node);

    /// <summary>Who is asked.</summary>
    public string Address { get; }

    /// <summary>What it answered last.</summary>
    public StaleResult? LastAnswer { get; private set; }

    /// <param name="group">The group.</param>
    /// <param name="address">The node; null for the one that has applied most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="GroupUnavailableException">No node answers.</exception>
    /// <exception cref="InvalidNameException">The address is malformed.</exception>
    /// <exception cref="MembershipException">The node is no member of the group: what it has is nothing, and not what the group has.</exception>
    public static async Task<StaleNode> Choose(RaftGroup group, string? address, CancellationToken cancellationToken)
    {
        var wanted = address is null ? null : NodeAddress.Parse(address).ToString();
        var members = (await group.Status(cancellationToken)).Where(node => node.Failure.Length == 0 && !node.Group.IsNone && node.Members.Count > 0).ToList();
        if (members.Count == 0)
        {
            throw new GroupUnavailableException($"No node of {group.Name} answers. Correct the group's name, or look at the silos.");
        }

        if (wanted is not null && members.TrueForAll(node => node.Address != wanted))
        {
            var named = members.SelectMany(node => node.Members).Select(member => member.Address).Distinct().Order(StringComparer.Ordinal).ToList();
            throw named.Contains(wanted)
                ? new NodeUnavailableException($"{wanted} does not answer. Those that do are {string.Join(", ", members.Select(node => node.Address))}.")
                : new MembershipException($"{wanted} is no member of {group.Name}; its members are {string.Join(", ", named)}.");
        }

        var chosen = wanted ?? members.MaxBy(node => node.Applied)!.Address;
        return new StaleNode(chosen, await group.Node(chosen, cancellationToken));
    }

    public async Task<ReadOnlyMemory<byte>> Query(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default)
    {
        LastAnswer = await DirectRequest.Read(Address, () => _node.QueryStale(query).WaitAsync(cancellationToken));
        return LastAnswer.Result;
    }

    public Task<ReadOnlyMemory<byte>> Command(ReadOnlyMemory<byte> command, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<ReadOnlyMemory<byte>> Await(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
