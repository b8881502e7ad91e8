using LifeRaft.Protocol;
using LifeRaft.TestSilo;

namespace LifeRaft.Chaos;

/// <summary>What kind of cluster is started.</summary>
internal sealed record ProcessClusterSettings
{
    public int Silos { get; init; } = 3;

    public SiloLog Log { get; init; } = SiloLog.RocksDb;

    /// <summary>The pace of the group; null for the defaults.</summary>
    public GroupTimings? Timings { get; init; }

    /// <summary>Entries after which a node takes a snapshot.</summary>
    public int SnapshotAfter { get; init; } = 100_000;

    /// <summary>How many silos, the last ones, have a disk that can be made full, where such can be mounted.</summary>
    public int SmallDisks { get; init; }

    /// <summary>Leaves the logs when it is over.</summary>
    public bool Keep { get; init; }
}
