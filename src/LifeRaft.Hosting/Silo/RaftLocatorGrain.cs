using Orleans.Concurrency;
using Orleans.Runtime.Messaging;

namespace LifeRaft.Hosting;

/// <summary>Asks the silos that run for the nodes of a group.</summary>
[GrainType("liferaft-locator")]
[StatelessWorker(1)]
[Reentrant]
internal sealed class RaftLocatorGrain(MachineRegistry machines, RunningSilos silos, TimeProvider time) : Grain, IRaftLocator
{
    /// <summary>A silo that does not answer for so long is left out; what it holds is protected by the group's id.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    private GroupName Group => GroupName.Parse(this.GetPrimaryKeyString());

    public Task<IReadOnlyList<string>> Silos() => Task.FromResult<IReadOnlyList<string>>([.. silos.Names.Order(StringComparer.Ordinal)]);

    public Task<GrainId> GrainOf(string address) => Task.FromResult(machines.GrainOf(new NodeKey(Group, NodeAddress.Parse(address))));

    public async Task<IReadOnlyList<NodeStatus>> Locate()
    {
        var answers = await Task.WhenAll(silos.Names.Select(Ask));
        return [.. answers.SelectMany(nodes => nodes).OrderBy(node => node.Address, StringComparer.Ordinal)];
    }

    private async Task<IReadOnlyList<NodeStatus>> Ask(string silo)
    {
        try
        {
            return await GrainFactory.GetGrain<IRaftSilo>(silo).Nodes(Group.ToString()).WaitAsync(_patience, time);
        }
        catch (Exception failure) when (failure is OrleansException or ConnectionFailedException or NodeUnavailableException or TimeoutException)
        {
            silos.Doubt();
            return [];
        }
    }
}
