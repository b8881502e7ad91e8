using LifeRaft.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace LifeRaft.Cluster.Tests;

/// <summary>Grains whose states lie on the silos themselves.</summary>
public sealed class PersistentStateTests
{
    private const int Grains = 20;

    [Fact]
    public async Task Twenty_grains_survive_the_loss_of_any_silo_with_no_database()
    {
        await using var cluster = await RaftCluster.Start(3, services: static silo => silo.AddLifeRaftGrainStorageAsDefault());
        await Task.WhenAll(Enumerable.Range(0, Grains).Select(grain => cluster.From(grain % 3).GetGrain<IVisits>(grain).Increment()));
        for (var (lost, expected) = (0, 1); lost < 3; lost++)
        {
            await cluster.Kill(lost);
            var survivor = cluster.From(cluster.Running.First());
            for (var grain = 0; grain < Grains; grain++)
            {
                var counter = survivor.GetGrain<IVisits>(grain);
                Assert.Equal(expected, await Counting.Until(counter.Get));
            }

            expected++;
            Assert.All(await Task.WhenAll(Enumerable.Range(0, Grains).Select(grain => survivor.GetGrain<IVisits>(grain).Increment())), count => Assert.Equal(expected, count));
            await cluster.Restart(lost);
            await Complete(cluster);
        }
    }

    [Fact]
    public async Task A_whole_cluster_that_restarts_finds_its_states()
    {
        await using var cluster = await RaftCluster.Start(1, services: static silo => silo.AddLifeRaftGrainStorageAsDefault(static options => (options.Groups, options.Members) = (1, 1)));
        await cluster.From(0).GetGrain<IVisits>(7).Increment();
        await cluster.Stop(0);
        await cluster.Restart(0);
        Assert.Equal(2, await cluster.From(0).GetGrain<IVisits>(7).Increment());
    }

    [Fact]
    public async Task A_grain_whose_state_somebody_else_has_changed_is_told_and_the_next_activation_reads_it()
    {
        await using var cluster = await RaftCluster.Start(1, services: static silo => silo.AddLifeRaftGrainStorageAsDefault(static options => (options.Groups, options.Members) = (1, 1)));
        var counter = cluster.From(0).GetGrain<IVisits>(7);
        await counter.Increment();
        var storage = cluster.Services(0).GetRequiredKeyedService<IGrainStorage>("Default");
        var other = new GrainState<Visited>();
        await storage.ReadStateAsync("count", counter.GetGrainId(), other);
        other.State!.Value = 100;
        await storage.WriteStateAsync("count", counter.GetGrainId(), other);

        var failure = await Assert.ThrowsAsync<InconsistentStateException>(counter.Increment);
        Assert.Equal(other.ETag, failure.StoredEtag);
        Assert.Equal(101, await Counting.Until(counter.Increment));
    }

    [Fact]
    public async Task A_storage_that_is_configured_with_another_number_of_groups_refuses_to_serve()
    {
        var groups = 1;
        await using var cluster = await RaftCluster.Start(1, services: silo => silo.AddLifeRaftGrainStorageAsDefault(options => (options.Groups, options.Members) = (groups, 1)));
        await cluster.From(0).GetGrain<IVisits>(7).Increment();
        await cluster.Stop(0);
        groups = 2;
        await cluster.Restart(0);
        var storage = cluster.Services(0).GetRequiredKeyedService<IGrainStorage>("Default");
        var failure = await Assert.ThrowsAsync<InvalidRequestException>(() => storage.ReadStateAsync("count", GrainId.Create("any", "1"), new GrainState<Visited>()));
        Assert.StartsWith("The grain storage 'Default' was begun with 1 groups and is configured with 2", failure.Message, StringComparison.Ordinal);
    }

    private static async Task Complete(RaftCluster cluster)
    {
        for (var group = 0; group < 4; group++)
        {
            await cluster.AllApplied(cluster.Group($"grain-state/Default-{group}"), nodes: 3);
        }
    }
}
