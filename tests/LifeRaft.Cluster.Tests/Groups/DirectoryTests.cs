using LifeRaft.Cli;

namespace LifeRaft.Cluster.Tests;

/// <summary>A grain as most are: default placement, default directory.</summary>
public interface IOrdinaryGrain : IGrainWithStringKey
{
    Task<Guid> Activation();
}

[KeepAlive]
public sealed class OrdinaryGrain : Grain, IOrdinaryGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public Task<Guid> Activation() => Task.FromResult(_activation);
}

/// <summary>Killing a silo leaves the nodes of the others alone, on real connections and with Orleans' real directory.</summary>
public sealed class DirectoryTests
{
    private const int Count = 300;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Killing_any_one_of_three_silos_deactivates_no_node_on_the_others(int killed)
    {
        var directory = Directory.CreateTempSubdirectory("liferaft-test-");
        var membership = new ProcessMembershipTable();
        var silos = new List<DemoSilo>();
        try
        {
            for (var i = 0; i < 3; i++)
            {
                silos.Add(await DemoSilo.Start(
                    $"silo-{i}", Path.Combine(directory.FullName, $"silo-{i}"), membership, raft => raft.AddStateMachine<KeyValueMachine, TalkativeNodeGrain>("talk"), TestContext.Current.CancellationToken));
            }

            var survivors = Enumerable.Range(0, 3).Where(silo => silo != killed).ToList();
            var nodes = new List<ITalkativeNode>();
            foreach (var silo in survivors)
            {
                var group = silos[silo].Grains.GetRaftGroup("talk/many");
                for (var i = 0; i < Count / 2; i++)
                {
                    nodes.Add(silos[survivors[0]].Grains.GetGrain<ITalkativeNode>((await group.Node($"{i}@silo-{silo}")).GetGrainId()));
                }
            }

            var ordinary = Enumerable.Range(0, Count).Select(i => silos[survivors[0]].Grains.GetGrain<IOrdinaryGrain>($"{i}")).ToList();
            var before = await Activations(nodes, node => node.Activation());
            var ordinaryBefore = await Activations(ordinary, grain => grain.Activation());

            await silos[killed].Kill();
            await Wait.For(
                "the silo is known to be gone",
                () => silos[survivors[0]].Grains.GetRaftGroup("talk/many").Silos(),
                names => names.Count == 2,
                names => string.Join(", ", names));

            Assert.Equal(before, await Activations(nodes, node => node.Activation()));

            // The control: of ordinary grains a third lived on the killed silo; with the default directory more than those are gone.
            var changed = await Wait.For(
                "ordinary grains answer again",
                async () => (await Activations(ordinary, grain => grain.Activation())).Except(ordinaryBefore).Count(),
                count => count > 0);
            TestContext.Current.TestOutputHelper?.WriteLine($"0 of {nodes.Count} nodes and {changed} of {Count} ordinary grains were activated anew.");
        }
        finally
        {
            foreach (var silo in silos)
            {
                await silo.DisposeAsync();
            }

            directory.Delete(recursive: true);
        }
    }

    private static async Task<Guid[]> Activations<TGrain>(IReadOnlyList<TGrain> grains, Func<TGrain, Task<Guid>> activation) =>
        await Task.WhenAll(grains.Select(activation));
}
