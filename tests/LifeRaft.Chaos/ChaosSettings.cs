using LifeRaft.Protocol;

namespace LifeRaft.Chaos;

/// <summary>What a run does.</summary>
internal sealed record ChaosSettings
{
    /// <summary>Slow enough that two election timeouts are far above what a busy machine adds.</summary>
    public static GroupTimings Timings { get; } = new(
        TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1), GroupTimings.Default.Threshold);

    /// <summary>A process that says it is ready has compiled little of its code yet: what it may take longer than one that has run.</summary>
    public static TimeSpan ProcessAllowance { get; } = TimeSpan.FromSeconds(1);

    /// <summary>A fault, or a recovery, in which nothing happens for so long has failed.</summary>
    public static TimeSpan Patience { get; } = Polling.Patience;

    public int Silos { get; init; } = 5;

    /// <summary>How long faults are injected. Every kind of fault comes at least once, however short this is.</summary>
    public TimeSpan For { get; init; } = TimeSpan.FromMinutes(1);

    public int Seed { get; init; }

    public int Clients { get; init; } = 8;

    /// <summary>A file for the clients' history.</summary>
    public string? History { get; init; }

    /// <summary>Leaves the silos' logs.</summary>
    public bool Keep { get; init; }

    public PlantedFault Plant { get; init; }

    public IReadOnlyList<FaultKind> Kinds { get; init; } = Enum.GetValues<FaultKind>();
}

/// <summary>What is wrong on purpose, to see the run fail.</summary>
internal enum PlantedFault
{
    None,

    /// <summary>The log store acknowledges what it has not written.</summary>
    EarlyStore,

    /// <summary>Clients read from whichever node is at hand.</summary>
    StaleReads,
}
