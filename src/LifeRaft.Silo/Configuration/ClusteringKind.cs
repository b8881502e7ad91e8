namespace LifeRaft.Silo;

/// <summary>Where the table of a cluster's silos is kept.</summary>
public enum ClusteringKind
{
    /// <summary>In this silo, which is the only one and listens on the loopback address.</summary>
    Localhost,

    /// <summary>On some of the silos themselves, in a Raft group: it is there while a majority of them is.</summary>
    LifeRaft,

    /// <summary>In one of the silos, without which the others end: for development.</summary>
    Static,

    /// <summary>In Redis.</summary>
    Redis,

    /// <summary>In a database, PostgreSQL.</summary>
    AdoNet,
}
