using LifeRaft.Protocol;

namespace LifeRaft;

/// <summary>Something that happened to a node, in liferaft's words.</summary>
[GenerateSerializer]
[Alias("liferaft.event")]
public abstract record RaftEvent
{
    /// <summary>The name that liferaft gives to the event, for instance <c>term change</c>.</summary>
    public abstract string Name { get; }
}

/// <summary>The stored state is loaded; the first timer has not started.</summary>
[GenerateSerializer]
public sealed record InitializeEvent : RaftEvent
{
    /// <inheritdoc/>
    public override string Name => "initialize";
}

/// <summary>The term rose; votes are reset.</summary>
[GenerateSerializer]
public sealed record TermChangeEvent([property: Id(0)] Term New, [property: Id(1)] Term Old) : RaftEvent
{
    /// <inheritdoc/>
    public override string Name => "term change";
}

/// <summary>Another leader is known, by address; empty for none.</summary>
[GenerateSerializer]
public sealed record LeaderChangeEvent([property: Id(0)] string New, [property: Id(1)] string Old) : RaftEvent
{
    /// <inheritdoc/>
    public override string Name => "leader change";
}

/// <summary>The state changed; the event named after the new state follows.</summary>
[GenerateSerializer]
public sealed record StateChangeEvent([property: Id(0)] RaftState New, [property: Id(1)] RaftState Old) : RaftEvent
{
    /// <inheritdoc/>
    public override string Name => "state change";
}

/// <summary>The node is now in that state; the name is that of the state.</summary>
[GenerateSerializer]
public sealed record StateEvent([property: Id(0)] RaftState State) : RaftEvent
{
    /// <inheritdoc/>
    public override string Name => State switch
    {
        RaftState.Leader => "leader",
        RaftState.Follower => "follower",
        RaftState.Candidate => "candidate",
        RaftState.Child => "child",
        _ => "stopped",
    };
}

/// <summary>No leader was heard; the node campaigns next.</summary>
[GenerateSerializer]
public sealed record HeartbeatTimeoutEvent : RaftEvent
{
    /// <inheritdoc/>
    public override string Name => "heartbeat timeout";
}

/// <summary>A leader is about to send this packet.</summary>
[GenerateSerializer]
public sealed record HeartbeatEvent([property: Id(0)] RaftPacket Packet) : RaftEvent
{
    /// <inheritdoc/>
    public override string Name => "heartbeat";
}

/// <summary>A vote request was answered.</summary>
[GenerateSerializer]
public sealed record VoteEvent([property: Id(0)] RaftPacket Request, [property: Id(1)] bool Granted) : RaftEvent
{
    /// <inheritdoc/>
    public override string Name => "vote";
}

/// <summary>A membership change that admitted this member was committed.</summary>
[GenerateSerializer]
public sealed record JoinEvent([property: Id(0)] string Address, [property: Id(1)] MemberId Member) : RaftEvent
{
    /// <inheritdoc/>
    public override string Name => "join";
}

/// <summary>A membership change that removed this member was committed.</summary>
[GenerateSerializer]
public sealed record LeaveEvent([property: Id(0)] string Address, [property: Id(1)] MemberId Member) : RaftEvent
{
    /// <inheritdoc/>
    public override string Name => "leave";
}

/// <summary>A packet arrived and is handled next.</summary>
[GenerateSerializer]
public sealed record DataEvent([property: Id(0)] RaftPacket Packet) : RaftEvent
{
    /// <inheritdoc/>
    public override string Name => "data";
}

/// <summary>A packet of a type that Raft does not know arrived, and an override answers it.</summary>
[GenerateSerializer]
public sealed record RpcEvent([property: Id(0)] RaftPacket Packet) : RaftEvent
{
    /// <inheritdoc/>
    public override string Name => "rpc";
}

/// <summary>A command was applied: once, and in log order.</summary>
[GenerateSerializer]
public sealed record CommitEvent(
    [property: Id(0)] LogIndex Index, [property: Id(1)] Term Term, [property: Id(2)] ReadOnlyMemory<byte> Command) : RaftEvent
{
    /// <inheritdoc/>
    public override string Name => "commit";
}

/// <summary>A snapshot of the state up to an entry is in force: the node's own, or one that the leader sent and that was installed.</summary>
[GenerateSerializer]
public sealed record SnapshotEvent(
    [property: Id(0)] LogIndex Index, [property: Id(1)] long Bytes, [property: Id(2)] bool IsInstalled) : RaftEvent
{
    /// <inheritdoc/>
    public override string Name => "snapshot";
}

/// <summary>The average round trip passed threshold × election min.</summary>
[GenerateSerializer]
public sealed record ThresholdEvent([property: Id(0)] TimeSpan AverageLatency) : RaftEvent
{
    /// <inheritdoc/>
    public override string Name => "threshold";
}

/// <summary>Something failed that no caller was told of.</summary>
[GenerateSerializer]
public sealed record ErrorEvent([property: Id(0)] string Error) : RaftEvent
{
    /// <inheritdoc/>
    public override string Name => "error";
}

/// <summary>The node has ended. The last event.</summary>
[GenerateSerializer]
public sealed record EndEvent : RaftEvent
{
    /// <inheritdoc/>
    public override string Name => "end";
}
