namespace LifeRaft;

/// <summary>What one silo says of itself and of its nodes, without asking any other.</summary>
[GenerateSerializer]
[Immutable]
[Alias("liferaft.report.silo")]
public sealed record SiloReport
{
    /// <summary>The silo's name, which its nodes' addresses carry.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>Its address in Orleans.</summary>
    [Id(1)]
    public required string Address { get; init; }

    /// <summary>When it said this, by its own clock.</summary>
    [Id(2)]
    public DateTimeOffset At { get; init; }

    /// <summary>When it started, by its own clock.</summary>
    [Id(3)]
    public DateTimeOffset Started { get; init; }

    /// <summary>The version of LifeRaft that it runs.</summary>
    [Id(4)]
    public string Version { get; init; } = "";

    /// <summary>Whether it is active, and not on its way up or down.</summary>
    [Id(5)]
    public bool IsActive { get; init; }

    /// <summary>Whether it was asked to lead nothing; see <see cref="RaftCluster.Drain"/>.</summary>
    [Id(6)]
    public bool IsDrained { get; init; }

    /// <summary>What keeps its logs, and where.</summary>
    [Id(7)]
    public string Log { get; init; } = "";

    /// <summary>How often that was opened.</summary>
    [Id(8)]
    public long StartCount { get; init; }

    /// <summary>Why that has stopped; null while it works.</summary>
    [Id(9)]
    public string? LogFailure { get; init; }

    /// <summary>Half of the recent writes were durable within this; null without any.</summary>
    [Id(10)]
    public TimeSpan? SyncP50 { get; init; }

    /// <summary>99 of 100 of the recent writes were durable within this.</summary>
    [Id(11)]
    public TimeSpan? SyncP99 { get; init; }

    /// <summary>The silos that Orleans' membership holds to be running, as this one sees it, itself among them; ordered.</summary>
    [Id(12)]
    public IReadOnlyList<string> Running { get; init; } = [];

    /// <summary>Its nodes, ordered by group and address.</summary>
    [Id(13)]
    public IReadOnlyList<NodeReport> Nodes { get; init; } = [];

    /// <summary>The silos that vote on the cluster's membership, as this one is configured; ordered, and empty where the membership is kept elsewhere.</summary>
    [Id(14)]
    public IReadOnlyList<string> MembershipVoters { get; init; } = [];

    /// <summary>Whether this silo is one of them, and its voter takes part: it follows a leader, or leads.</summary>
    [Id(15)]
    public bool VotesOnMembership { get; init; }
}

/// <summary>A silo that should run, or that a group has a member on, and that said nothing.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Problem">What is known of it.</param>
[GenerateSerializer]
[Immutable]
[Alias("liferaft.report.silent")]
public sealed record SilentSilo([property: Id(0)] string Name, [property: Id(1)] string Problem);
