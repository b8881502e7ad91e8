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

    /// <summary>
    /// What the rule for the locks of the dead, the time to live and one election timeout, is exceeded by on a busy machine: commands
    /// wait for a disk, elections are repeated, timers fire late.
    /// </summary>
    public static TimeSpan LockAllowance { get; } = TimeSpan.FromSeconds(2);

    /// <summary>A fault, or a recovery, in which nothing happens for so long has failed.</summary>
    public static TimeSpan Patience { get; } = Polling.Patience;

    public int Silos { get; init; } = 5;

    /// <summary>How long faults are injected. Every kind of fault comes at least once, however short this is.</summary>
    public TimeSpan For { get; init; } = TimeSpan.FromMinutes(1);

    public int Seed { get; init; }

    public Workload Workload { get; init; } = Workload.Both;

    /// <summary>How many clients read and write keys.</summary>
    public int Clients { get; init; } = 8;

    /// <summary>A file for the clients' history.</summary>
    public string? History { get; init; }

    /// <summary>Leaves the silos' logs.</summary>
    public bool Keep { get; init; }

    public PlantedFault Plant { get; init; }

    public IReadOnlyList<FaultKind> Kinds { get; init; } = Enum.GetValues<FaultKind>();
}

/// <summary>What clients do while faults happen.</summary>
[Flags]
internal enum Workload
{
    /// <summary>They read and write keys.</summary>
    Kv = 1,

    /// <summary>They acquire locks, and campaign.</summary>
    Locks = 2,

    Both = Kv | Locks,
}

/// <summary>What is wrong on purpose, to see the run fail.</summary>
internal enum PlantedFault
{
    None,

    /// <summary>The log store acknowledges what it has not written.</summary>
    EarlyStore,

    /// <summary>Clients read from whichever node is at hand.</summary>
    StaleReads,

    /// <summary>Clients go on for a while when they have lost a lock.</summary>
    DeafHolders,

    /// <summary>Locks end by the wall clock of whoever leads.</summary>
    WallClockLocks,
}
