namespace LifeRaft;

/// <summary>
/// The changes that were to be watched are not remembered any more. What to do: read the keys anew with
/// <see cref="KeyValueStore.Range"/>, and watch from the first page's revision + 1; or watch from <see cref="OldestRevision"/> and do
/// without what came before.
/// </summary>
[GenerateSerializer]
public sealed class KeyValueCompactedException : RaftException
{
    internal KeyValueCompactedException(long revision, long oldestRevision)
        : base($"The changes from revision {revision} on are compacted: the group remembers those from revision {oldestRevision} on. Read the keys anew, and watch from the revision of that + 1.")
    {
        OldestRevision = oldestRevision;
    }

    /// <summary>The first revision from which on everything can be watched.</summary>
    [Id(0)]
    public long OldestRevision { get; }
}

/// <summary>
/// The lease has ended, and its keys with it: nothing was heard of its holder for its time to live, or it was revoked. Nothing was done.
/// What to do: grant another lease, and write anew what is to end with it.
/// </summary>
[GenerateSerializer]
public sealed class KeyValueLeaseEndedException : RaftException
{
    internal KeyValueLeaseEndedException(long lease)
        : base($"Lease {lease} has ended: nothing was heard of its holder for its time to live, or it was revoked. Nothing was done; grant another lease.")
    {
        Lease = lease;
    }

    /// <summary>The lease's id.</summary>
    [Id(0)]
    public long Lease { get; }
}
