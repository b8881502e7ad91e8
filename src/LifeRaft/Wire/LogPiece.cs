using LifeRaft.Protocol;

namespace LifeRaft;

/// <summary>A piece of a node's log, as bytes.</summary>
/// <param name="Base">Entries up to this one were compacted away.</param>
/// <param name="Last">The last entry that is on the node's disk.</param>
/// <param name="Commit">The last one that the node knows to be committed.</param>
/// <param name="Applied">The last one that its state machine has applied.</param>
/// <param name="Entries">Consecutive entries, each as <see cref="LogEntry.Encoded"/>.</param>
[GenerateSerializer]
[Immutable]
[Alias("liferaft.log.piece")]
internal sealed record LogPiece(
    [property: Id(0)] LogIndex Base,
    [property: Id(1)] LogIndex Last,
    [property: Id(2)] LogIndex Commit,
    [property: Id(3)] LogIndex Applied,
    [property: Id(4)] IReadOnlyList<ReadOnlyMemory<byte>> Entries);

/// <summary>A part of the snapshot that is in force.</summary>
/// <param name="Header">Which one, as <see cref="SnapshotHeaderCodec"/> writes it; empty when there is none.</param>
/// <param name="Part">The part; empty when another one was asked for, which was given up for this one.</param>
[GenerateSerializer]
[Immutable]
[Alias("liferaft.snapshot.piece")]
internal sealed record SnapshotPiece([property: Id(0)] ReadOnlyMemory<byte> Header, [property: Id(1)] ReadOnlyMemory<byte> Part);
