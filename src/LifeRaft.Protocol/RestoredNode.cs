namespace LifeRaft.Protocol;

/// <summary>What a node finds on its disk when it starts.</summary>
/// <param name="Identity">Who the node is; <see cref="NodeIdentity.Blank"/> when nothing is stored.</param>
/// <param name="HardState">Term and vote.</param>
/// <param name="Last">Index of the last entry, zero when there is none. The first entry is index 1.</param>
/// <param name="TermStarts">For each term that has entries, in order, the first index of that term.</param>
/// <param name="Configurations">All entries of kind <see cref="EntryKind.Configuration"/>, in order.</param>
public sealed record RestoredNode(
    NodeIdentity Identity,
    HardState HardState,
    LogIndex Last,
    IReadOnlyList<TermStart> TermStarts,
    IReadOnlyList<LogEntry> Configurations)
{
    /// <summary>A node of which nothing is stored.</summary>
    public static RestoredNode Blank { get; } = new(NodeIdentity.Blank, default, LogIndex.Zero, [], []);
}
