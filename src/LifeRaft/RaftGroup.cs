using LifeRaft.Protocol;
using Orleans.Runtime.Messaging;

namespace LifeRaft;

/// <summary>
/// A handle on one group: commands, reads and membership. It finds the leader, follows it when it moves, and repeats only what is
/// known not to have been done; an unknown outcome is reported as such.
/// </summary>
public sealed partial class RaftGroup : IRaftCommands, IGivenCommands
{
    private readonly IGrainFactory _grains;
    private readonly LeaderRoute _route;
    private readonly TimeProvider _time;

    internal RaftGroup(IGrainFactory grains, GroupName name, TimeProvider time)
    {
        _grains = grains;
        _time = time;
        Name = name;
        _route = new LeaderRoute(grains, name, time);
    }

    /// <summary>The group's name.</summary>
    public GroupName Name { get; }

    /// <summary>
    /// How long a request without an earlier cancellation may take in all; 10 s by default. A change that waits until a member has caught
    /// up goes on for as long as that member gets further within each such time.
    /// </summary>
    public TimeSpan Timeout
    {
        get => _route.Timeout;
        set => _route.Timeout = value > TimeSpan.Zero ? value : throw new InvalidRequestException($"A timeout must be more than zero, but is {value}.");
    }

    /// <summary>What the queries of this handle promise; <see cref="ReadConsistency.Linearizable"/> by default.</summary>
    public ReadConsistency Reads { get; set; }

    /// <summary>
    /// Founds the group with one voting member on each of these nodes. Repeated with the same nodes it changes nothing.
    /// </summary>
    /// <param name="addresses">Node addresses, for instance <c>1@silo-a</c>, each on a silo that runs.</param>
    /// <param name="timings">The pace of the group; null for the options of the silo that founds it.</param>
    /// <param name="cancellationToken">Gives up waiting; what was begun goes on.</param>
    /// <exception cref="GroupConflictException">A group of this name exists with other members, or twice.</exception>
    public Task<IReadOnlyList<MemberStatus>> Create(
        IReadOnlyList<string> addresses, GroupTimings? timings = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        var parsed = addresses.Select(address => NodeAddress.Parse(address).ToString()).ToList();
        return _route.Coordinate(coordinator => coordinator.Create(parsed, timings), cancellationToken);
    }

    /// <summary>Founds the group with one member on each silo that runs, up to so many.</summary>
    /// <param name="members">How many members, 1 to 9.</param>
    /// <param name="cancellationToken">Gives up waiting; what was begun goes on.</param>
    /// <exception cref="InvalidRequestException">There are fewer silos.</exception>
    public async Task<IReadOnlyList<MemberStatus>> Create(int members, CancellationToken cancellationToken = default)
    {
        if (members is < 1 or > 9)
        {
            throw new InvalidRequestException($"A group has 1 to 9 members, not {members}.");
        }

        var silos = await Silos(cancellationToken);
        return silos.Count >= members
            ? await Create([.. silos.Take(members).Select((silo, index) => $"{index + 1}@{silo}")], null, cancellationToken)
            : throw new InvalidRequestException($"{members} members need as many silos, but only {silos.Count} run LifeRaft now: {string.Join(", ", silos)}.");
    }

    /// <summary>The names of the silos that can hold nodes now.</summary>
    public Task<IReadOnlyList<string>> Silos(CancellationToken cancellationToken = default) =>
        _route.Survey(locator => locator.Silos(), cancellationToken);

    /// <summary>Makes the node a voting member; founds the group if there is none.</summary>
    /// <exception cref="GroupConflictException">The node belongs to another founding.</exception>
    public Task<JoinResult> Join(string address, CancellationToken cancellationToken = default)
    {
        var parsed = NodeAddress.Parse(address).ToString();
        return _route.Coordinate(coordinator => coordinator.Join(null, parsed), cancellationToken);
    }

    /// <summary>
    /// Makes a node a voting member of a group that exists: unlike <see cref="Join"/>, it never founds one, so neither a misspelt name nor
    /// a group whose silos are down begins a second history. Repeated, it changes nothing.
    /// </summary>
    /// <exception cref="GroupConflictException">The node belongs to another founding.</exception>
    /// <exception cref="GroupNotFoundException">No silo that runs knows the group.</exception>
    public Task<JoinResult> AddVoter(string address, CancellationToken cancellationToken = default)
    {
        var parsed = NodeAddress.Parse(address).ToString();
        return Admitted(parsed, coordinator => coordinator.AddVoter(parsed), cancellationToken);
    }

    /// <summary>
    /// Makes a node a member that replicates and does not vote; <see cref="MakeVoter"/> makes it a voter later. Repeated, it changes nothing.
    /// </summary>
    /// <exception cref="MembershipException">It is a voter already.</exception>
    /// <exception cref="GroupConflictException">The node belongs to another founding.</exception>
    /// <exception cref="GroupNotFoundException">The group does not exist.</exception>
    public Task<JoinResult> AddLearner(string address, CancellationToken cancellationToken = default)
    {
        var parsed = NodeAddress.Parse(address).ToString();
        return _route.Coordinate(coordinator => coordinator.AddLearner(parsed), cancellationToken);
    }

    /// <summary>Lets a learner vote, as soon as it has caught up. Repeated, it changes nothing.</summary>
    /// <exception cref="MembershipException">The group has no such member.</exception>
    public async Task<JoinResult> MakeVoter(string address, CancellationToken cancellationToken = default)
    {
        var parsed = NodeAddress.Parse(address).ToString();
        var members = await Members(cancellationToken);
        return members.Any(member => member.Address == parsed)
            ? await AddVoter(parsed, cancellationToken)
            : throw new MembershipException($"{Name} has no member {parsed}; its members are {string.Join(", ", members.Select(member => member.Address))}. Add it first.");
    }

    /// <summary>
    /// Makes a node a voting member in the place of another, which may be dead for good: the new one catches up as a learner, then it
    /// comes and the old one goes in one step. Repeated, it changes nothing.
    /// </summary>
    /// <param name="address">The member that goes.</param>
    /// <param name="by">The node that comes; it belongs to no group.</param>
    /// <param name="cancellationToken">Gives up waiting; what was begun goes on.</param>
    /// <exception cref="MembershipException">No member has the address.</exception>
    /// <exception cref="GroupConflictException">The node that is to come belongs to another founding.</exception>
    public Task<JoinResult> Replace(string address, string by, CancellationToken cancellationToken = default)
    {
        var (replaced, parsed) = (NodeAddress.Parse(address).ToString(), NodeAddress.Parse(by).ToString());
        return Admitted(parsed, coordinator => coordinator.Replace(replaced, parsed), cancellationToken);
    }

    /// <summary>Removes a member. Returns the address of who left, or null if nobody has it.</summary>
    public async Task<string?> Leave(string address, CancellationToken cancellationToken = default)
    {
        var parsed = NodeAddress.Parse(address).ToString();
        var member = (await Members(cancellationToken)).FirstOrDefault(member => member.Address == parsed);
        if (member is null)
        {
            return null;
        }

        var reply = await _route.Ask(node => node.RemoveMember(member.Id), mayRepeat: true, cancellationToken);
        return reply.Outcome == Outcome.UnknownMember ? null : Succeeded(reply, $"Removing {address} from {Name}") is null ? null : parsed;
    }

    /// <summary>Appends, replicates, commits and applies a command; returns its result.</summary>
    public Task<ReadOnlyMemory<byte>> Command(ReadOnlyMemory<byte> command, CancellationToken cancellationToken = default) =>
        // The memory is the caller's again when this ends, though a command that was given up may still be on its way into the log.
        ((IGivenCommands)this).CommandOnce(command.ToArray(), cancellationToken);

    async Task<ReadOnlyMemory<byte>> IGivenCommands.CommandOnce(ReadOnlyMemory<byte> command, CancellationToken cancellationToken)
    {
        using var activity = RaftActivities.StartClient(RaftActivities.Command, Name);
        try
        {
            var reply = await _route.Send(node => node.Command(command), cancellationToken);
            return Succeeded(reply, $"The command to {Name}").Result;
        }
        catch (Exception failure) when (activity.Notes(failure))
        {
            throw;
        }
    }

    async Task<ReadOnlyMemory<byte>> IGivenCommands.CommandRepeatedly(ReadOnlyMemory<byte> command, CancellationToken cancellationToken)
    {
        using var activity = RaftActivities.StartClient(RaftActivities.Command, Name);
        try
        {
            var reply = await _route.Ask(node => node.Command(command), mayRepeat: true, Timeout, LeaderRoute.Patience, cancellationToken);
            return Succeeded(reply, $"The command to {Name}").Result;
        }
        catch (Exception failure) when (activity.Notes(failure))
        {
            throw;
        }
    }

    /// <summary>Asks the state machine; linearizable: the answer reflects every command that was acknowledged before the call.</summary>
    public Task<ReadOnlyMemory<byte>> Query(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default) =>
        Query(_route, Name, query, Reads, cancellationToken);

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> Await(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default) =>
        WaitingQuery.Answer(_route, Name, query, _time, cancellationToken);

    /// <summary>
    /// Opens a session, whose commands are applied exactly once: whatever becomes of leaders and connections, they are repeated until
    /// there is an answer, and the group does not apply them again. Dispose of it when it is no longer needed.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="GroupUnavailableException">No leader answered in time. A session that was opened without our knowledge expires by itself.</exception>
    public async Task<RaftSession> OpenSession(CancellationToken cancellationToken = default)
    {
        var session = await RaftSession.Open(new LeaderRoute(_grains, Name, _time) { Timeout = Timeout }, Name, _time, cancellationToken);
        session.Reads = Reads;
        return session;
    }

    /// <summary>Hands leadership to that member, or to the one whose log is nearest.</summary>
    public async Task TransferLeadership(string? address = null, CancellationToken cancellationToken = default)
    {
        var target = MemberId.None;
        if (address is not null)
        {
            var members = await Members(cancellationToken);
            target = members.FirstOrDefault(member => member.Address == address)?.Id
                ?? throw new MembershipException($"{Name} has no member {address}; its members are {string.Join(", ", members.Select(member => member.Address))}.");
        }

        Succeeded(await _route.Ask(node => node.TransferLeadership(target), mayRepeat: false, cancellationToken), $"Moving the leadership of {Name}");
    }

    /// <summary>
    /// Deletes the group and its data on every member; a silo that is down learns of it when it returns. Refused to clients outside
    /// the silos unless the silos allow it.
    /// </summary>
    public async Task Delete(CancellationToken cancellationToken = default)
    {
        var status = await _route.Look(cancellationToken);
        Succeeded(await _route.Ask(node => node.Dissolve(status.Group), mayRepeat: false, cancellationToken), $"Deleting {Name}");
    }

    /// <summary>The members, as the leader knows them.</summary>
    public async Task<IReadOnlyList<MemberStatus>> Members(CancellationToken cancellationToken = default) =>
        (await _route.Look(cancellationToken)).Members;

    /// <summary>The status of every node that can be reached, members or not, ordered by address.</summary>
    public async Task<IReadOnlyList<NodeStatus>> Status(CancellationToken cancellationToken = default) =>
        (await _route.Survey(locator => locator.Locate(), cancellationToken)).Nodes;

    /// <summary>The node of that address, whether it is a member or not.</summary>
    public async Task<IRaftNode> Node(string address, CancellationToken cancellationToken = default)
    {
        var parsed = NodeAddress.Parse(address).ToString();
        var grain = await _route.Survey(locator => locator.GrainOf(parsed), cancellationToken);
        return _grains.GetGrain<IRaftNode>(grain);
    }

    /// <summary>Reads a part of the log as one node holds it, committed or not, for who looks into it. It changes nothing and asks no other node.</summary>
    /// <param name="address">The node.</param>
    /// <param name="first">The first entry that is wanted; one that was compacted away stands for the first that is there.</param>
    /// <param name="count">How many entries, 1 to 1000; fewer are returned where they are large, and none behind the last.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidRequestException">The count is out of bounds.</exception>
    /// <exception cref="NodeUnavailableException">The node's silo is not running, or its log cannot be read.</exception>
    public async Task<LogSlice> ReadLog(string address, LogIndex first, int count, CancellationToken cancellationToken = default)
    {
        if (count is < 1 or > LogSlice.MaximumEntries)
        {
            throw new InvalidRequestException($"1 to {LogSlice.MaximumEntries} entries are read at once, not {count}.");
        }

        var node = await Node(address, cancellationToken);
        try
        {
            return new LogSlice(await node.AsReference<IRaftRequests>().ReadLog(first, count).AsTask().WaitAsync(Timeout, cancellationToken));
        }
        catch (Exception failure) when (failure is OrleansException or IOException or TimeoutException or ConnectionFailedException)
        {
            throw new NodeUnavailableException($"The log of {address} could not be read: {failure.Message.Split('\n')[0].TrimEnd('.', '\r')}. Look at its silo, or read another node's.");
        }
    }

    internal static async Task<ReadOnlyMemory<byte>> Query(LeaderRoute route, GroupName group, ReadOnlyMemory<byte> query, ReadConsistency reads, CancellationToken cancellationToken)
    {
        using var activity = RaftActivities.StartClient(RaftActivities.Query, group);
        try
        {
            var reply = await route.Ask(node => node.Query(query, reads), mayRepeat: true, route.Timeout, LeaderRoute.Patience, cancellationToken);
            return reply.Outcome == Outcome.Unknown
                ? throw new GroupUnavailableException($"The query to {group} was not answered: {reply.Error ?? "leadership was lost"}. Try again, or look at the silos.")
                : Succeeded(reply, $"The query to {group}").Result;
        }
        catch (Exception failure) when (activity.Notes(failure))
        {
            throw;
        }
    }

    internal static Reply Succeeded(Reply reply, string what) => reply.Outcome switch
    {
        Outcome.Done when reply.Error is null => reply,
        Outcome.Done => throw new CommandFailedException(reply.Error!),
        Outcome.Unknown => throw new OutcomeUnknownException($"{what} may or may not have been carried out: {reply.Error ?? "leadership was lost before it was committed"}. Find out by reading before you repeat it."),
        Outcome.Overloaded => throw new OverloadedException($"{what} was refused: {reply.Error ?? "too much waits for a majority (MaximumUncommittedBytes)"}. Try later, and less at once."),
        Outcome.TooLarge or Outcome.UnknownCommand => throw new InvalidRequestException($"{what} was refused: {reply.Error}"),
        Outcome.NotLeader or Outcome.LeadershipMoving or Outcome.ChangeInProgress or Outcome.Stopped =>
            throw new GroupUnavailableException($"{what} was not carried out: {reply.Error ?? "no leader was found in time"}. Try again, or look at the silos."),
        Outcome.TimedOut => throw new MembershipException($"{what} failed: the target did not take over in time; the old leader goes on."),
        _ => throw new MembershipException($"{what} was refused: {Explain(reply)}"),
    };

    private static string Explain(Reply reply) => reply.Error ?? reply.Outcome switch
    {
        Outcome.UnknownMember => "no member has that id or address.",
        Outcome.AddressTaken => "another member has that address; remove it first.",
        Outcome.LastVoter => "a group cannot lose its last voter; delete the group instead.",
        Outcome.NotAVoter => "the member is not a voter that can be reached.",
        Outcome.TooManyVoters => "the group has, or is about to have, as many voters as it is to have.",
        Outcome.NoMajority => "too few of the voters that would remain can be reached; bring one back, or remove one that is down first.",
        _ => $"{reply.Outcome}.",
    };
}
