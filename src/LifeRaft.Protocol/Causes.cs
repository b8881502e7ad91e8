namespace LifeRaft.Protocol;

/// <summary>Why a node campaigned.</summary>
public enum ElectionCause
{
    /// <summary>No leader was heard for an election timeout, and a majority would vote for this node.</summary>
    LeaderSilent,

    /// <summary>Somebody asked for it.</summary>
    Requested,

    /// <summary>The leader handed over to this node.</summary>
    HandedOver,
}

/// <summary>Why a leader leads no more.</summary>
public enum LeadershipEndCause
{
    /// <summary>Somebody else has begun a later term.</summary>
    HigherTerm,

    /// <summary>It has handed over.</summary>
    HandedOver,

    /// <summary>No majority of the voters answered for an election timeout.</summary>
    NoMajority,

    /// <summary>It was removed from the group.</summary>
    Removed,

    /// <summary>The node has ended or failed.</summary>
    Ended,
}
