namespace LifeRaft;

/// <summary>
/// The lock, or the leadership, is not held any more: its time to live ended, or nobody knows whether it has. What to do: stop what needs
/// it, and acquire it anew.
/// </summary>
[GenerateSerializer]
public sealed class LockLostException(string message) : RaftException(message);
