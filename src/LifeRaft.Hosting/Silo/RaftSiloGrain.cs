using Orleans.Concurrency;
using Orleans.GrainDirectory;

namespace LifeRaft.Hosting;

/// <summary>One silo's knowledge of its nodes; the key is the silo's name.</summary>
[Alias("liferaft.silo")]
internal interface IRaftSilo : IGrainWithStringKey
{
    /// <summary>The nodes of that group that this silo's log store holds.</summary>
    Task<IReadOnlyList<NodeStatus>> Nodes(string group);
}

[GrainType("liferaft-silo")]
[Reentrant]
[SiloNamePlacement]
[GrainDirectory(NoDirectory.Name)]
internal sealed class RaftSiloGrain(SiloRaft silo) : Grain, IRaftSilo
{
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
