using System.Collections.Immutable;

namespace LifeRaft;

/// <summary>How far the journals of the silos were read. It is meant for <see cref="RaftCluster.Journal"/> and says nothing by itself.</summary>
[GenerateSerializer]
[Immutable]
[Alias("liferaft.journal.position")]
public sealed record JournalPosition
{
    /// <summary>Before everything that the silos remember.</summary>
    public static JournalPosition Start { get; } = new();

    /// <summary>By silo: the start that its numbers belong to, and the last one read.</summary>
    [Id(0)]
    internal ImmutableDictionary<string, SiloPosition> Silos { get; init; } = ImmutableDictionary<string, SiloPosition>.Empty;
}

/// <summary>How far the journal of one silo was read.</summary>
/// <param name="Started">When the silo started; numbers begin anew with each start.</param>
/// <param name="Number">The last number that was read.</param>
[GenerateSerializer]
[Immutable]
[Alias("liferaft.journal.silo")]
internal sealed record SiloPosition([property: Id(0)] DateTimeOffset Started, [property: Id(1)] long Number);

/// <summary>What the journals hold after a position.</summary>
/// <param name="Entries">Ordered by time, which is each silo's own.</param>
/// <param name="Next">Where to go on.</param>
[GenerateSerializer]
[Immutable]
[Alias("liferaft.journal.page")]
public sealed record JournalPage([property: Id(0)] IReadOnlyList<JournalEntry> Entries, [property: Id(1)] JournalPosition Next);
