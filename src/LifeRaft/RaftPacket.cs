using LifeRaft.Protocol;

namespace LifeRaft;

/// <summary>
/// What nodes say to each other in liferaft's form: the state of the sender, a type, and data. Raft's own replication does not travel
/// like this; packets are for users, and for whoever feeds a node by hand.
/// </summary>
[GenerateSerializer]
[Alias("liferaft.packet")]
public sealed record RaftPacket
{
    /// <summary>The state of the sender.</summary>
    [Id(0)]
    public required RaftState State { get; init; }

    /// <summary>The term of the sender.</summary>
    [Id(1)]
    public required Term Term { get; init; }

    /// <summary>The address of the sender, its name in liferaft 0.0.2.</summary>
    [Id(2)]
    public required string Address { get; init; }

    /// <summary>What it is about: one of <see cref="PacketTypes"/>, or a type of the user's own.</summary>
    [Id(3)]
    public required string Type { get; init; }

    /// <summary>The address of the leader that the sender knows of; empty when it knows none.</summary>
    [Id(4)]
    public string Leader { get; init; } = "";

    /// <summary>The end of the sender's log.</summary>
    [Id(5)]
    public PacketLog Last { get; init; }

    /// <summary>Whether there is data. No data is not the same as null.</summary>
    [Id(6)]
    public bool HasData { get; init; }

    /// <summary>The data: anything that Orleans serializes.</summary>
    [Id(7)]
    public object? Data { get; init; }

    /// <summary>The founding that the sender belongs to. Raft's own types are refused without it.</summary>
    [Id(8)]
    public GroupId Group { get; init; }

    /// <summary>The membership of the sender. Raft's own types are refused without it.</summary>
    [Id(9)]
    public MemberId Member { get; init; }
}

/// <summary>The end of a log.</summary>
/// <param name="Index">Index of the last entry.</param>
/// <param name="Term">Term of the last entry.</param>
/// <param name="CommittedIndex">Index of the last entry known to be committed.</param>
[GenerateSerializer]
[Alias("liferaft.packet.log")]
public readonly record struct PacketLog(
    [property: Id(0)] LogIndex Index,
    [property: Id(1)] Term Term,
    [property: Id(2)] LogIndex CommittedIndex);

/// <summary>The packet types that Raft knows.</summary>
public static class PacketTypes
{
    /// <summary>Asks for a vote.</summary>
    public const string Vote = "vote";

    /// <summary>Answers a vote; its data is a <see cref="bool"/>: granted or not.</summary>
    public const string Voted = "voted";

    /// <summary>
    /// From a leader: a heartbeat, or with a list of encoded entries (<c>byte[][]</c>) as data an append after <see cref="RaftPacket.Last"/>.
    /// </summary>
    public const string Append = "append";

    /// <summary>Everything up to <see cref="PacketLog.Index"/> is durable.</summary>
    public const string AppendAck = "append ack";

    /// <summary>The logs differ; they may agree at <see cref="PacketLog.Index"/>.</summary>
    public const string AppendFail = "append fail";

    /// <summary>Something was wrong; the data is the text. Never answered.</summary>
    public const string Error = "error";

    /// <summary>Known and silent, as in liferaft.</summary>
    public const string Exec = "exec";
}
