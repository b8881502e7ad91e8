using Orleans.Concurrency;
using Orleans.GrainDirectory;
using Orleans.Runtime.Messaging;

namespace LifeRaft.Hosting;

/// <summary>Asks the silos that run for the nodes of a group.</summary>
[GrainType("liferaft-locator")]
[CollectionAgeLimit(Minutes = 2)] // There is one for each group that was asked for, and seldom a second question.
// Orleans asks the directory for stateless workers, too, and a part of its own is lost with each silo until that counts as dead.
[GrainDirectory(NoDirectory.Name)]
[StatelessWorker(1)]
[Reentrant]
internal sealed class RaftLocatorGrain(MachineRegistry machines, RunningSilos silos, TimeProvider time) : Grain, IRaftLocator
{
    /// <summary>A silo that does not answer for so long is left out; what it holds is protected by the group's id.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    private GroupName Group => GroupName.Parse(this.GetPrimaryKeyString());

    public Task<IReadOnlyList<string>> Silos() => Task.FromResult<IReadOnlyList<string>>([.. silos.Names.Order(StringComparer.Ordinal)]);

    public Task<GrainId> GrainOf(string address) => Task.FromResult(machines.GrainOf(new NodeKey(Group, NodeAddress.Parse(address))));

    public async Task<GroupSurvey> Locate()
    {
        var answers = await Task.WhenAll(silos.Names.Select(Ask));
        return new GroupSurvey(
            [.. answers.SelectMany(answer => answer.Nodes ?? []).OrderBy(node => node.Address, StringComparer.Ordinal)],
            [.. answers.Where(answer => answer.Nodes is null).Select(answer => answer.Silo)]);
    }

    /// <summary>The nodes on that silo; null when it did not answer.</summary>
    private async Task<(string Silo, IReadOnlyList<NodeStatus>? Nodes)> Ask(string silo)
    {
        try
        {
            return (silo, await GrainFactory.GetGrain<IRaftSilo>(silo).Nodes(Group.ToString()).WaitAsync(_patience, time));
        }
        catch (Exception failure) when (failure is OrleansException or ConnectionFailedException or NodeUnavailableException or TimeoutException)
        {
            silos.Doubt();
            return (silo, null);
        }
    }
}
