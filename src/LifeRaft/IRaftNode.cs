using LifeRaft.Protocol;

namespace LifeRaft;

/// <summary>
/// One node of a Raft group: liferaft's API. The grain's key is a <see cref="NodeKey"/>; get it from
/// <see cref="RaftGroup.Node"/>, which also works where a machine has a node grain of its own.
/// </summary>
[Alias("liferaft.node")]
public interface IRaftNode : IGrainWithStringKey
{
    /// <summary>A look at the node.</summary>
    Task<NodeStatus> Status();

    /// <summary>
    /// Makes the two nodes voting members of one group; repeated, or with itself, it changes nothing and says so. Two nodes of no
    /// group found one. It may be called on any member, by everyone for everyone at once.
    /// </summary>
    /// <param name="address">The other node; null draws a name on this node's silo.</param>
    /// <exception cref="GroupConflictException">The two belong to different groups.</exception>
    Task<JoinResult> Join(string? address = null);

    /// <summary>Removes a member through the log. Returns the address of who left, or null if nobody has it. A leader hands over first.</summary>
    Task<string?> Leave(string address);

    /// <summary>Starts an election now, without a pre-vote; nothing on a leader.</summary>
    /// <exception cref="MembershipException">The node is no voter.</exception>
    Task Campaign();

    /// <summary>liferaft's name for <see cref="Campaign"/>.</summary>
    Task Promote();

    /// <summary>
    /// Hands over leadership, leaves the group and stops: the node's data is deleted. The last member of a group takes the group with
    /// it. False if the node has ended before, or belongs to no group. Shutting a silo down is not an End.
    /// </summary>
    Task<bool> End();

    /// <summary>
    /// Sends a packet from this node and waits for all results and errors. It measures the round trips, which may raise the
    /// threshold event. Sent to nobody, it completes with no results.
    /// </summary>
    /// <exception cref="InvalidRequestException">The target is unset, or no member has the address.</exception>
    Task<MessageResults> Message(MessageTarget target, RaftPacket packet);

    /// <summary>A packet of that type, without data, with everything else filled in from the node.</summary>
    Task<RaftPacket> Packet(string type);

    /// <summary>A packet of that type and data (null is data), with everything else filled in from the node.</summary>
    Task<RaftPacket> Packet(string type, object? data);

    /// <summary>Whether so many answers are a majority: false with no peers or none.</summary>
    Task<bool> Quorum(int responses);

    /// <summary>How many voters are a majority.</summary>
    Task<int> Majority();

    /// <summary>Hands the node a packet as if it had arrived, and returns the answering packet; null where there is no answer.</summary>
    Task<RaftPacket?> Receive(RaftPacket? packet);

    /// <summary>Appends, replicates, commits and applies a command and returns its result.</summary>
    /// <param name="command">The command.</param>
    /// <param name="forward">Whether a node that does not lead passes it on to the leader.</param>
    /// <exception cref="NotLeaderException">The node does not lead and may not forward.</exception>
    /// <exception cref="OutcomeUnknownException">Leadership was lost before the command was committed.</exception>
    Task<ReadOnlyMemory<byte>> Command(ReadOnlyMemory<byte> command, bool forward = true);

    /// <summary>
    /// Asks this node's state machine, linearizably: a node that does not lead asks its leader up to where it must have applied, and
    /// answers itself. So every member can serve queries, and the leader's part of each is small.
    /// </summary>
    /// <exception cref="NotLeaderException">The node knows no leader, or its leader could not confirm itself. Ask another node, or again.</exception>
    /// <exception cref="CommandFailedException">The state machine threw; the message is the machine's.</exception>
    /// <exception cref="OverloadedException">Too much is waiting; try later, and less at once.</exception>
    Task<ReadOnlyMemory<byte>> Query(ReadOnlyMemory<byte> query, ReadConsistency consistency = ReadConsistency.Linearizable);

    /// <summary>Answers a question from what this node has now, without asking anybody: it may be old, and says how old.</summary>
    Task<StaleResult> QueryStale(ReadOnlyMemory<byte> query);

    /// <summary>
    /// Takes a snapshot of the state machine now and compacts the log behind it, as the node does by itself from time to time. It
    /// returns when the snapshot is durable; the one there is when nothing was applied since.
    /// </summary>
    /// <exception cref="NodeUnavailableException">The node has ended, or its state machine could not write itself.</exception>
    Task<SnapshotStatus> TakeSnapshot();

    /// <summary>The hash of the state machine now.</summary>
    Task<StateHash> StateHash();

    /// <summary>The events of the node from now on. A watcher that falls 10,000 events behind is cut off with an error.</summary>
    IAsyncEnumerable<RaftEvent> Watch(CancellationToken cancellationToken = default);
}
