namespace LifeRaft;

/// <summary>What a query promises, and what it costs.</summary>
public enum ReadConsistency
{
    /// <summary>
    /// The answer reflects every command that was acknowledged before the query, whoever asked for it. One round of heartbeats confirms
    /// the leader; all queries that wait share it (ReadIndex; Ongaro's thesis, 6.4). No clock matters.
    /// </summary>
    Linearizable = 0,

    /// <summary>
    /// The same, as long as clocks keep to <c>MaximumClockDrift</c>: a leader that heard from a majority within an election timeout
    /// answers at once, without a message. On clocks that drift further, or stand still while their process runs (a suspended virtual
    /// machine), a deposed leader may give an old answer. Who holds no lease confirms itself as above.
    /// </summary>
    Lease = 1,
}
