namespace LifeRaft.Silo;

/// <summary>What keeps the logs of a silo's nodes.</summary>
public enum LogKind
{
    /// <summary>A RocksDB database on a local disk: what was acknowledged survives.</summary>
    RocksDb,

    /// <summary>The memory of the process: nothing survives it.</summary>
    InMemory,
}
