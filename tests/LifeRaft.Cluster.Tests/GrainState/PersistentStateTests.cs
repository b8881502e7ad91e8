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
    public async Task No_increment_is_lost_or_doubled_when_a_silo_dies_under_load()
    {
        await using var cluster = await RaftCluster.Start(3, services: static silo => silo.AddLifeRaftGrainStorageAsDefault());
        var survivor = cluster.From(0);
        await Task.WhenAll(Enumerable.Range(0, Grains).Select(grain => survivor.GetGrain<IVisits>(grain).Increment()));
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, Grains).Select(grain => new Writer(survivor.GetGrain<IVisits>(grain), stop.Token)).ToList();
        var work = Task.WhenAll(writers.Select(writer => Task.Run(writer.Run)));
        await cluster.Kill(2);
        await Wait.For("every writer writes again", () => Task.FromResult(writers.Min(writer => writer.Since())), least => least > 10, least => $"one has written {least} times");
        await stop.CancelAsync();
        await work;

        for (var grain = 0; grain < Grains; grain++)
        {
            var count = await Counting.Until(survivor.GetGrain<IVisits>(grain).Get);
            Assert.InRange(count, 1 + writers[grain].Acknowledged, 1 + writers[grain].Acknowledged + writers[grain].Unknown);
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

    /// <summary>Increments until it is stopped, and counts what it was told.</summary>
    private sealed class Writer(IVisits visits, CancellationToken stop)
    {
        private volatile bool _isCounting;
        private int _counted;

        public int Acknowledged { get; private set; }

        public int Unknown { get; private set; }

        /// <summary>The increments that were acknowledged since this was first asked for.</summary>
        public int Since()
        {
            _isCounting = true;
            return Volatile.Read(ref _counted);
        }

        public async Task Run()
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    await visits.Increment();
                    Acknowledged++;
                    _counted += _isCounting ? 1 : 0;
                }
                catch (Exception failure) when (failure is OrleansException or TimeoutException)
                {
                    Unknown++;
                }
            }
        }
    }
}
