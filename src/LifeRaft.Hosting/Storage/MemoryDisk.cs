using System.Collections.Concurrent;
using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>What a <see cref="MemoryLogStore"/> holds, apart from it where it is to outlive it. One store at a time is open on it.</summary>
internal sealed class MemoryDisk
{
    public ConcurrentDictionary<string, MemoryNode> Nodes { get; } = new(StringComparer.Ordinal);

    public HashSet<GroupId> DeletedGroups { get; } = [];

    public long Starts { get; set; }
}
