namespace LifeRaft.Hosting;

/// <summary>How much may be applied since the last snapshot before a node takes the next one by itself.</summary>
/// <param name="Entries">So many entries.</param>
/// <param name="Bytes">Or entries of so many bytes.</param>
internal sealed record SnapshotThresholds(long Entries, long Bytes);
