namespace LifeRaft;

/// <summary>Who leads.</summary>
/// <param name="Candidate">What the leader said of itself when it campaigned.</param>
/// <param name="Token">Its fencing token, larger than that of every leader before.</param>
public sealed record ElectionLeader(string Candidate, FencingToken Token);
