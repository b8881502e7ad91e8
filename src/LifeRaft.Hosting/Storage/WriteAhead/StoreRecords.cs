using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>The kinds of records. The numbers are stored and never change.</summary>
internal enum StoreRecordKind : byte
{
    /// <summary>The beginning of what a segment says of everything before it: numbers of the store.</summary>
    CheckpointBegin = 1,

    /// <summary>The same, of one node.</summary>
    CheckpointNode = 2,

    /// <summary>Nodes that were not named between the two are deleted.</summary>
    CheckpointEnd = 3,

    /// <summary>A node got its number.</summary>
    NodeNamed = 4,

    /// <summary>Who a node is.</summary>
    Identity = 5,

    /// <summary>Term and vote.</summary>
    HardState = 6,

    /// <summary>Entries that replace everything from the first of them on.</summary>
    Entries = 7,

    /// <summary>A snapshot is in force.</summary>
    Snapshot = 8,

    /// <summary>A node was deleted.</summary>
    NodeDeleted = 9,

    /// <summary>A group was deleted.</summary>
    GroupDeleted = 10,
}

/// <summary>A change of what is stored.</summary>
internal abstract record StoreRecord
{
    /// <summary>Makes the change.</summary>
    public abstract void Apply(StoreIndex index);
}

/// <param name="StartCount">How often the store was opened.</param>
/// <param name="NextNumber">The number that a new node gets.</param>
/// <param name="DeletedGroups">All of them.</param>
/// <param name="Segments">The segments before this one that are still needed, and where each ends: until there it must be whole.</param>
internal sealed record CheckpointBegun(
    long StartCount, long NextNumber, IReadOnlyList<GroupId> DeletedGroups, IReadOnlyList<(long Sequence, long End)> Segments) : StoreRecord
{
    public override void Apply(StoreIndex index)
    {
        (index.StartCount, index.NextNumber) = (StartCount, NextNumber);
        index.DeletedGroups.Clear();
        index.DeletedGroups.UnionWith(DeletedGroups);
    }
}

internal sealed record CheckpointOfNode(
    long Number, string Name, NodeIdentity Identity, HardState HardState, LogPosition Base, LogIndex Last, SnapshotHeader? Snapshot) : StoreRecord
{
    public static CheckpointOfNode Of(NodeIndex node) => new(node.Number, node.Name, node.Identity, node.HardState, node.Base, node.Last, node.Snapshot);

    public override void Apply(StoreIndex index)
    {
        var node = index.Node(Number);
        (node.Name, node.Identity, node.HardState) = (Name, Identity, HardState);
        node.Settle(Base, Last, Snapshot);
    }
}

internal sealed record CheckpointEnded(IReadOnlyList<long> Numbers) : StoreRecord
{
    public override void Apply(StoreIndex index)
    {
        var known = Numbers.ToHashSet();
        foreach (var node in index.Nodes.Where(node => !known.Contains(node.Number)).ToList())
        {
            index.Remove(node.Number);
        }
    }
}

internal sealed record NodeNamed(long Number, string Name) : StoreRecord
{
    public override void Apply(StoreIndex index)
    {
        index.Node(Number).Name = Name;
        index.NextNumber = Math.Max(index.NextNumber, Number + 1);
    }
}

internal sealed record IdentityStored(long Number, NodeIdentity Identity) : StoreRecord
{
    public override void Apply(StoreIndex index) => index.Node(Number).Identity = Identity;
}

internal sealed record HardStateStored(long Number, HardState HardState) : StoreRecord
{
    public override void Apply(StoreIndex index) => index.Node(Number).HardState = HardState;
}

internal sealed record EntriesStored(long Number, EntryRun Run) : StoreRecord
{
    public override void Apply(StoreIndex index) => index.Node(Number).Replace(Run);
}

internal sealed record SnapshotStored(long Number, SnapshotWrite Snapshot) : StoreRecord
{
    public override void Apply(StoreIndex index) => index.Node(Number).Begin(Snapshot);
}

internal sealed record NodeRemoved(long Number) : StoreRecord
{
    public override void Apply(StoreIndex index) => index.Remove(Number);
}

internal sealed record GroupDeleted(GroupId Group) : StoreRecord
{
    public override void Apply(StoreIndex index) => index.DeletedGroups.Add(Group);
}
