namespace LifeRaft.Protocol;

/// <summary>
/// An invariant of the protocol does not hold: a bug, or a disk that forgot what it had acknowledged. The node must stop: wrong
/// answers are worse than none. What to do: keep the data and the log of the silo, and report it.
/// </summary>
public sealed class RaftInvariantException(string message) : InvalidOperationException(message);
