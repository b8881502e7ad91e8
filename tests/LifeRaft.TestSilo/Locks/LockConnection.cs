namespace LifeRaft.TestSilo;

/// <summary>How a client reaches the group of its locks.</summary>
/// <param name="Locks">What it acquires them with.</param>
/// <param name="Link">What can be severed; null if nothing can.</param>
public sealed record LockConnection(RaftLocks Locks, SeverableCommands? Link = null);
