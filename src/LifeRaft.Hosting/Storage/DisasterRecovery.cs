using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// For a group that has lost the disks of its majority for good: nothing and nobody can tell any more what was committed, so the group
/// is over. These are the explicit, offline steps that make the best of what is left. They work on the log store of a silo that is not
/// running, and each of them may lose writes that were acknowledged.
/// </summary>
/// <remarks>
/// Look at every node that is left, found the group anew from the one with the highest last term, and among those the highest last
/// index; forget the others, start the silos, and let the forgotten nodes join. The new group has an id of its own: what is left of the
/// old one anywhere can neither disturb it nor be mistaken for it.
/// </remarks>
public static class DisasterRecovery
{
    /// <summary>What is stored for each node of an open store, ordered by name.</summary>
    public static async Task<IReadOnlyList<StoredNode>> Look(IRaftLogStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var nodes = new List<StoredNode>();
        foreach (var name in store.ListNodes().Where(name => !FoundingNotes.IsNote(name)).Order(StringComparer.Ordinal))
        {
            nodes.Add(new StoredNode(await store.Claim(name, cancellationToken)));
        }

        return nodes;
    }

    /// <summary>What is stored for one node.</summary>
    /// <exception cref="InvalidRequestException">Nothing is stored for the node.</exception>
    public static async Task<StoredNode> Look(IRaftLogStore store, string node, CancellationToken cancellationToken) =>
        (await Find(store, node, cancellationToken)).Stored;

    /// <summary>
    /// Makes the node the only voter of a new group with all that its log holds, committed or not. Entries that only others held are
    /// lost, also if they were acknowledged; entries that were never acknowledged may come into force.
    /// </summary>
    /// <returns>The node as it is now.</returns>
    /// <exception cref="InvalidRequestException">Nothing is stored for the node, or it belongs to no group; nothing was changed.</exception>
    public static async Task<StoredNode> FoundAnew(IRaftLogStore store, string node, CancellationToken cancellationToken)
    {
        var (log, stored) = await Find(store, node, cancellationToken);
        if (stored.Configuration.Find(stored.Identity.Member) is not { } former)
        {
            throw new InvalidRequestException($"{node} holds no membership of its group, so there is nothing to found a group from. Nothing was changed; look at the other nodes.");
        }

        var founder = new Member(new MemberId(Guid.NewGuid()), former.Address, former.Endpoint);
        var term = stored.HardState.Term + 1;
        var configuration = GroupConfiguration.Founding(founder, stored.Configuration.Timings);
        var entry = LogEntry.Create(EntryKind.Configuration, stored.Last.Index + 1, term, 0, GroupConfigurationCodec.Encode(configuration));
        var write = new LogWrite(new NodeIdentity(new GroupId(Guid.NewGuid()), founder.Id), new HardState(term, MemberId.None), [entry]);
        await Written(log, write);
        return new StoredNode(await store.Claim(node, cancellationToken));
    }

    /// <summary>
    /// Makes a node, of which nothing is stored yet, the only voter of a new group whose state is a snapshot of another: its log begins
    /// behind it. What the other group committed later is not in it.
    /// </summary>
    /// <param name="store">The store of a silo that is not running.</param>
    /// <param name="node">The node's key.</param>
    /// <param name="endpoint">The id of its grain.</param>
    /// <param name="position">The last entry that the snapshot covers.</param>
    /// <param name="content">Writes the snapshot, as a node holds it: sessions, clock and state machine. What it throws leaves nothing behind.</param>
    /// <param name="cancellationToken">Gives up; nothing is founded then.</param>
    /// <returns>The node as it is now.</returns>
    /// <exception cref="InvalidRequestException">Something is stored for the node already; nothing was changed.</exception>
    public static async Task<StoredNode> FoundFromSnapshot(
        IRaftLogStore store, string node, string endpoint, LogPosition position, Action<Stream> content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var address = NodeKey.Parse(node).Address.ToString();
        var log = await store.Claim(node, cancellationToken);
        if (!log.Restored.Identity.IsBlank || log.Restored.Last != LogIndex.Zero)
        {
            throw new InvalidRequestException($"{store.Description} holds a node '{node}' of a group already. Nothing was changed; restore into another node, or forget that one first.");
        }

        // A snapshot lies where the node's first write puts it. A node with a term and nothing else is as good as a blank one.
        var hardState = new HardState(position.Term, MemberId.None);
        await Written(log, new LogWrite(null, hardState, []));
        var written = await log.WriteSnapshot(position, content, cancellationToken);
        var founder = new Member(new MemberId(Guid.NewGuid()), address, endpoint);
        var header = new SnapshotHeader(position, position.Index, GroupConfiguration.Founding(founder, GroupTimings.Default), written.Bytes, written.Checksum);
        await Written(log, new LogWrite(new NodeIdentity(new GroupId(Guid.NewGuid()), founder.Id), hardState, []) { Snapshot = new SnapshotWrite(header, position, ReplacesLog: true) });
        return new StoredNode(await store.Claim(node, cancellationToken));
    }

    private static Task Written(INodeLog log, LogWrite write)
    {
        var written = new WriteCompletion();
        log.Write(write, written);
        return written.Done;
    }

    /// <summary>Deletes everything that is stored for the node, so that it can join a group as if it had never been a member of one.</summary>
    /// <exception cref="InvalidRequestException">Nothing is stored for the node.</exception>
    public static async Task Forget(IRaftLogStore store, string node, CancellationToken cancellationToken)
    {
        var (log, _) = await Find(store, node, cancellationToken);
        await log.Delete(null, cancellationToken);
    }

    private static async Task<(INodeLog Log, StoredNode Stored)> Find(IRaftLogStore store, string node, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (!store.ListNodes().Contains(node))
        {
            var known = store.ListNodes().Where(name => !FoundingNotes.IsNote(name)).Order(StringComparer.Ordinal).ToList();
            throw new InvalidRequestException($"{store.Description} holds no node '{node}'. It holds: {(known.Count == 0 ? "none" : string.Join(", ", known))}.");
        }

        var log = await store.Claim(node, cancellationToken);
        return (log, new StoredNode(log));
    }
}

/// <summary>What a disk holds of one node.</summary>
/// <param name="Node">The node's key.</param>
/// <param name="Identity">Who it is.</param>
/// <param name="HardState">Its term and vote.</param>
/// <param name="Last">Its last entry. Of several nodes, the one with the highest term, and then the highest index, holds the most.</param>
/// <param name="Snapshot">The last entry that its snapshot covers; zero for none. Everything up to there was committed.</param>
/// <param name="Configuration">The newest configuration in its log, committed or not.</param>
public sealed record StoredNode(
    string Node, NodeIdentity Identity, HardState HardState, LogPosition Last, LogIndex Snapshot, GroupConfiguration Configuration)
{
    internal StoredNode(INodeLog log)
        : this(log.Node, log.Restored)
    {
    }

    internal StoredNode(string node, RestoredNode restored)
        : this(node, restored.Identity, restored.HardState, LastOf(restored), restored.Snapshot?.Index ?? LogIndex.Zero, ConfigurationOf(restored))
    {
    }

    private static LogPosition LastOf(RestoredNode restored) =>
        new(restored.Last, restored.TermStarts.Count == 0 ? restored.Base.Term : restored.TermStarts[^1].Term);

    private static GroupConfiguration ConfigurationOf(RestoredNode restored) =>
        restored.Configurations.Count > 0 ? GroupConfigurationCodec.Decode(restored.Configurations[^1].Payload)
        : restored.Snapshot?.Configuration ?? GroupConfiguration.None;
}
