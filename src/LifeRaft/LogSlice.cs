using LifeRaft.Protocol;

namespace LifeRaft;

/// <summary>A part of the log as one node holds it.</summary>
/// <param name="Base">Entries up to this one were compacted away: a snapshot holds what came of them.</param>
/// <param name="Last">The last entry that is on the node's disk. What is behind <paramref name="Commit"/> may still be replaced.</param>
/// <param name="Commit">The last entry that the node knows to be committed.</param>
/// <param name="Applied">The last entry that its state machine has applied.</param>
/// <param name="Entries">
/// Consecutive entries from the one that was asked for on, or from the first that was not compacted away: as many as fit into an answer.
/// </param>
public sealed record LogSlice(LogIndex Base, LogIndex Last, LogIndex Commit, LogIndex Applied, IReadOnlyList<LogEntry> Entries)
{
    /// <summary>So many entries are read at once, at most.</summary>
    public const int MaximumEntries = 1000;

    internal LogSlice(LogPiece piece)
        : this(piece.Base, piece.Last, piece.Commit, piece.Applied, [.. piece.Entries.Select(LogEntry.Decode)])
    {
    }
}
