using LifeRaft.Protocol;

namespace LifeRaft;

/// <summary>How a group is.</summary>
public enum GroupHealth
{
    /// <summary>It has a leader, and every member is there and keeps up.</summary>
    Healthy,

    /// <summary>It serves, but a member is missing, fails or is behind.</summary>
    Degraded,

    /// <summary>It has no leader now, though enough voters are there to elect one.</summary>
    NoLeader,

    /// <summary>It cannot serve: too few voters are there.</summary>
    NoQuorum,
}

/// <summary>One group, put together from what silos said.</summary>
public sealed record GroupReport
{
    /// <summary>Its name, <c>{machine}/{name}</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its id. Two groups of one name never merge; this is the one with the most members that said so.</summary>
    public GroupId Id { get; init; }

    /// <summary>How it is.</summary>
    public GroupHealth Health { get; init; }

    /// <summary>What is wrong, as a sentence each; the worst first. Empty for a healthy group.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>The address of the leader with the highest term; empty for none.</summary>
    public string Leader { get; init; } = "";

    /// <summary>Since when it leads, by its silo's clock; null without a leader.</summary>
    public DateTimeOffset? LeaderSince { get; init; }

    /// <summary>The highest term that a node has seen.</summary>
    public Term Term { get; init; }

    /// <summary>The highest entry that a node knows to be committed.</summary>
    public LogIndex Commit { get; init; }

    /// <summary>How many more voters it can lose and still serve; below zero for how many it lacks.</summary>
    public int CanLose { get; init; }

    /// <summary>Its voters.</summary>
    public int Voters { get; init; }

    /// <summary>The elections that its nodes began in the last hour.</summary>
    public int ElectionsInLastHour { get; init; }

    /// <summary>99 of 100 recent commands were applied on the leader within this of their arrival there; null without any.</summary>
    public TimeSpan? CommitP99 { get; init; }

    /// <summary>Its members, ordered by address, whether they said something or not.</summary>
    public IReadOnlyList<GroupMember> Members { get; init; } = [];
}

/// <summary>One member of a group.</summary>
public sealed record GroupMember
{
    /// <summary>Its address.</summary>
    public required string Address { get; init; }

    /// <summary>Whether its vote counts.</summary>
    public bool IsVoter { get; init; }

    /// <summary>What it said of itself; null when it said nothing.</summary>
    public NodeReport? Node { get; init; }

    /// <summary>What the leader says of it; null for the leader itself, and without a leader.</summary>
    public PeerReport? Peer { get; init; }

    /// <summary>Whether it is there: it says so, or the leader hears it.</summary>
    public bool IsUp { get; init; }

    /// <summary>What is wrong with it; null for nothing.</summary>
    public string? Problem { get; init; }
}
