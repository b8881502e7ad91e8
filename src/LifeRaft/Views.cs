using LifeRaft.Protocol;

namespace LifeRaft;

/// <summary>A look at one node.</summary>
[GenerateSerializer]
[Alias("liferaft.node.status")]
public sealed record NodeStatus
{
    /// <summary>The node's address.</summary>
    [Id(0)]
    public required string Address { get; init; }

    /// <summary>Its state.</summary>
    [Id(1)]
    public required RaftState State { get; init; }

    /// <summary>Its term.</summary>
    [Id(2)]
    public required Term Term { get; init; }

    /// <summary>The address of the leader that it knows of; empty for none.</summary>
    [Id(3)]
    public required string Leader { get; init; }

    /// <summary>The founding it belongs to; <see cref="GroupId.None"/> for a node that belongs to no group.</summary>
    [Id(4)]
    public required GroupId Group { get; init; }

    /// <summary>Its membership.</summary>
    [Id(5)]
    public required MemberId Member { get; init; }

    /// <summary>Its last entry.</summary>
    [Id(6)]
    public required LogIndex Last { get; init; }

    /// <summary>The last entry that it knows to be committed.</summary>
    [Id(7)]
    public required LogIndex Commit { get; init; }

    /// <summary>The last entry that its state machine has applied.</summary>
    [Id(8)]
    public required LogIndex Applied { get; init; }

    /// <summary>Who belongs to the group, as far as this node knows, committed or not.</summary>
    [Id(9)]
    public required IReadOnlyList<MemberStatus> Members { get; init; }

    /// <summary>The average round trip of the last Message; zero before.</summary>
    [Id(10)]
    public TimeSpan Latency { get; init; }

    /// <summary>Why the node does not serve, or empty.</summary>
    [Id(11)]
    public string Failure { get; init; } = "";

    /// <summary>The last entry that its newest snapshot covers; zero for none.</summary>
    [Id(12)]
    public LogIndex Snapshot { get; init; }

    /// <summary>Entries up to this one were compacted away.</summary>
    [Id(13)]
    public LogIndex LogBase { get; init; }
}

/// <summary>One member of a group.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Id">Its membership.</param>
/// <param name="IsVoter">Whether its vote counts.</param>
/// <param name="Grain">The id of its grain.</param>
[GenerateSerializer]
[Alias("liferaft.member")]
public sealed record MemberStatus(
    [property: Id(0)] string Address, [property: Id(1)] MemberId Id, [property: Id(2)] bool IsVoter, [property: Id(3)] GrainId Grain)
{
    /// <summary>For a member that does not vote: whether the leader lets it vote as soon as it has caught up.</summary>
    [Id(4)]
    public bool BecomesVoter { get; init; }
}

/// <summary>An answer from one node's own state.</summary>
/// <param name="Result">The state machine's answer.</param>
/// <param name="Applied">The last entry that the state had applied.</param>
/// <param name="Age">
/// The state held everything that the leader which this node heard last had committed so long ago, not counting how long its message was
/// on the way. Null when the node has heard no leader since it started: nothing is known of the age then.
/// </param>
[GenerateSerializer]
[Alias("liferaft.stale")]
public sealed record StaleResult(
    [property: Id(0)] ReadOnlyMemory<byte> Result, [property: Id(1)] LogIndex Applied, [property: Id(2)] TimeSpan? Age);

/// <summary>A snapshot of one node.</summary>
/// <param name="Index">The last entry that it covers; zero when the node has applied nothing yet.</param>
/// <param name="Bytes">Its size in bytes.</param>
[GenerateSerializer]
[Alias("liferaft.snapshot")]
public sealed record SnapshotStatus([property: Id(0)] LogIndex Index, [property: Id(1)] long Bytes);

/// <summary>The state machine of a node at one moment, for comparing members.</summary>
/// <param name="Index">The last entry that it had applied.</param>
/// <param name="Hash">SHA-256, in hexadecimal, of what the machine writes as its snapshot.</param>
[GenerateSerializer]
[Alias("liferaft.statehash")]
public sealed record StateHash([property: Id(0)] LogIndex Index, [property: Id(1)] string Hash);

/// <summary>To whom a packet goes.</summary>
[GenerateSerializer]
[Alias("liferaft.target")]
public readonly record struct MessageTarget
{
    private MessageTarget(MessageTargetKind kind, string address) => (Kind, Address) = (kind, address);

    /// <summary>The leader of the group.</summary>
    public static MessageTarget Leader => new(MessageTargetKind.Leader, "");

    /// <summary>All but the leader.</summary>
    public static MessageTarget Followers => new(MessageTargetKind.Followers, "");

    /// <summary>Everybody; liferaft's <c>CHILD</c>.</summary>
    public static MessageTarget Everyone => new(MessageTargetKind.Everyone, "");

    /// <summary>What kind of target; <see cref="MessageTargetKind.Unset"/> is an error when it is used.</summary>
    [Id(0)]
    public MessageTargetKind Kind { get; init; }

    /// <summary>The address, for <see cref="MessageTargetKind.Node"/>.</summary>
    [Id(1)]
    public string Address { get; init; }

    /// <summary>The node of that address.</summary>
    public static MessageTarget Node(string address) => new(MessageTargetKind.Node, address);
}

/// <summary>The kinds of <see cref="MessageTarget"/>.</summary>
public enum MessageTargetKind
{
    /// <summary>Nobody was named.</summary>
    Unset,

    /// <summary>The leader.</summary>
    Leader,

    /// <summary>All but the leader.</summary>
    Followers,

    /// <summary>Everybody.</summary>
    Everyone,

    /// <summary>One node.</summary>
    Node,
}

/// <summary>What came back from a message, by address. The sending node is never among the recipients.</summary>
/// <param name="Results">The answering packets; null where a recipient answered nothing.</param>
/// <param name="Errors">Why a recipient was not reached.</param>
[GenerateSerializer]
[Alias("liferaft.results")]
public sealed record MessageResults(
    [property: Id(0)] IReadOnlyDictionary<string, RaftPacket?> Results, [property: Id(1)] IReadOnlyDictionary<string, string> Errors);

/// <summary>What a Join did.</summary>
/// <param name="Member">The member that was joined.</param>
/// <param name="IsNew">False when it was a voting member of the group already, and nothing changed.</param>
[GenerateSerializer]
[Alias("liferaft.joined")]
public sealed record JoinResult([property: Id(0)] MemberStatus Member, [property: Id(1)] bool IsNew);
