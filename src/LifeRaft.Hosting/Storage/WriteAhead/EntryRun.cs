using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>Consecutive entries that one record holds, or the part of them that is still in the log.</summary>
/// <param name="Segment">The segment that the record lies in.</param>
/// <param name="Offset">Where its body begins there.</param>
/// <param name="Length">Length of its body in bytes.</param>
/// <param name="Written">The first entry that the record holds.</param>
/// <param name="First">The first of them that is in the log.</param>
/// <param name="Last">The last of them that is in the log.</param>
/// <param name="Terms">Where terms begin among the entries of the record; the first one with its first entry.</param>
/// <param name="Configurations">Which of its entries are configurations; null for none.</param>
internal sealed record EntryRun(
    Segment Segment, long Offset, int Length, LogIndex Written, LogIndex First, LogIndex Last, TermStart[] Terms, LogIndex[]? Configurations);
