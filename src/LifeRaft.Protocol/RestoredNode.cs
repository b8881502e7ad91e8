namespace LifeRaft.Protocol;

/// <summary>What a node finds on its disk when it starts.</summary>
/// <param name="Identity">Who the node is; <see cref="NodeIdentity.Blank"/> when nothing is stored.</param>
/// <param name="HardState">Term and vote.</param>
/// <param name="Last">Index of the last entry; that of <see cref="Base"/> when there is none.</param>
/// <param name="TermStarts">For each term that begins after <see cref="Base"/>, in order, its first entry.</param>
/// <param name="Configurations">All entries of kind <see cref="EntryKind.Configuration"/> after <see cref="Base"/>, in order.</param>
public sealed record RestoredNode(
    NodeIdentity Identity,
    HardState HardState,
    LogIndex Last,
    IReadOnlyList<TermStart> TermStarts,
    IReadOnlyList<LogEntry> Configurations)
{
    /// <summary>The entry before the first one that is stored; what came before was compacted away. Never after <see cref="Snapshot"/>.</summary>
    public LogPosition Base { get; init; }

    /// <summary>The snapshot in force; null when none was ever taken or installed.</summary>
    public SnapshotHeader? Snapshot { get; init; }

    /// <summary>A node of which nothing is stored.</summary>
    public static RestoredNode Blank { get; } = new(NodeIdentity.Blank, default, LogIndex.Zero, [], []);
}
