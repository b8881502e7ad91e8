using LifeRaft.Protocol;
using LifeRaft.TestSilo;

namespace LifeRaft.Chaos;

/// <summary>What kind of cluster is started.</summary>
internal sealed record ProcessClusterSettings
{
    public int Silos { get; init; } = 3;

    /// <summary>Whether the silos keep Orleans' membership table themselves, instead of the primary.</summary>
    public bool KeepsTable { get; init; }

    /// <summary>The groups that are formed, each with a node on every silo.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [ProcessCluster.GroupName];

    public SiloLog Log { get; init; } = SiloLog.RocksDb;

    /// <summary>What the silos do with locks.</summary>
    public SiloLocks Locks { get; init; }

    /// <summary>Is told what clients of locks within the silos write down.</summary>
    public Action<LockEvent> Heard { get; init; } = _ => { };

    /// <summary>Is told which silo is about to be killed.</summary>
    public Action<string> Killing { get; init; } = _ => { };

    /// <summary>The pace of the group; null for the defaults.</summary>
    public GroupTimings? Timings { get; init; }

    /// <summary>Entries after which a node takes a snapshot.</summary>
    public int SnapshotAfter { get; init; } = 100_000;

    /// <summary>How many silos, the last ones, have a disk that can be made full, where such can be mounted.</summary>
    public int SmallDisks { get; init; }

    /// <summary>Leaves the logs when it is over.</summary>
    public bool Keep { get; init; }
}
