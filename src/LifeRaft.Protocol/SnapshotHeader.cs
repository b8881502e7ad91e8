namespace LifeRaft.Protocol;

/// <summary>
/// What a snapshot is of (Raft paper, 7): everything up to an entry, and the membership that was in force there. The content itself
/// lies with the host; length and checksum say which content.
/// </summary>
/// <param name="Position">The last entry that the snapshot covers; it is committed.</param>
/// <param name="ConfigurationIndex">The entry with the configuration, at or before <paramref name="Position"/>.</param>
/// <param name="Configuration">The newest configuration up to <paramref name="Position"/>.</param>
/// <param name="Bytes">Length of the content in bytes.</param>
/// <param name="Checksum">XXH64 of the content.</param>
public sealed record SnapshotHeader(
    LogPosition Position, LogIndex ConfigurationIndex, GroupConfiguration Configuration, long Bytes, ulong Checksum)
{
    /// <summary>The index of the last entry that the snapshot covers.</summary>
    public LogIndex Index => Position.Index;

    /// <summary>The term of that entry.</summary>
    public Term Term => Position.Term;

    /// <summary>Whether both are of the same content, so that parts of one continue the other.</summary>
    public bool HasSameContent(SnapshotHeader? other) =>
        other is not null && other.Position == Position && other.Bytes == Bytes && other.Checksum == Checksum;

    /// <inheritdoc/>
    public override string ToString() => $"snapshot {Position} ({Bytes} bytes, {Checksum:x16})";
}
