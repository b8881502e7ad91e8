using LifeRaft.Protocol;
using Orleans.Concurrency;
using Orleans.GrainDirectory;

namespace LifeRaft.Hosting;

/// <summary>One silo's knowledge of its nodes; the key is the silo's name.</summary>
[Alias("liferaft.silo")]
internal interface IRaftSilo : IGrainWithStringKey
{
    /// <summary>The nodes of that group that this silo's log store holds.</summary>
    Task<IReadOnlyList<NodeStatus>> Nodes(string group);

    /// <summary>What this silo remembers of the founding of a declared group.</summary>
    Task<FoundingNote> Founded(string group);
}

/// <summary>What a silo remembers of a founding.</summary>
/// <param name="Group">The id under which the group was founded; none when nothing is known.</param>
/// <param name="IsDeleted">Whether that group was deleted.</param>
[GenerateSerializer]
[Immutable]
[Alias("liferaft.founding")]
internal sealed record FoundingNote([property: Id(0)] GroupId Group, [property: Id(1)] bool IsDeleted);

[GrainType("liferaft-silo")]
[Reentrant]
[SiloNamePlacement]
[GrainDirectory(NoDirectory.Name)]
internal sealed class RaftSiloGrain(SiloRaft silo, FoundingNotes notes) : Grain, IRaftSilo
{
    public async Task<FoundingNote> Founded(string group)
    {
        var id = await notes.Read(GroupName.Parse(group), CancellationToken.None);
        return new FoundingNote(id, !id.IsNone && silo.Store.IsDeleted(id));
    }

    public async Task<IReadOnlyList<NodeStatus>> Nodes(string group)
    {
        var name = GroupName.Parse(group);
        var keys = silo.Store.ListNodes()
            .Select(key => NodeKey.TryParse(key, out var parsed) ? parsed : default)
            .Where(key => key.Group == name)
            .ToList();
        return [.. (await Task.WhenAll(keys.Select(Look))).OfType<NodeStatus>()];
    }

    /// <summary>A node that cannot be opened hides none of the others.</summary>
    private async Task<NodeStatus?> Look(NodeKey key)
    {
        try
        {
            return await GrainFactory.GetGrain<IRaftRequests>(silo.Machines.GrainOf(key)).Look();
        }
        catch (RaftException)
        {
            return null;
        }
    }
}
