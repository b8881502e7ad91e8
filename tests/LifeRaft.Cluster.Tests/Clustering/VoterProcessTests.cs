namespace LifeRaft.Cluster.Tests;

/// <summary>Clustering without a database, of silos that are processes and are killed with SIGKILL.</summary>
[Collection(ProcessTests.Collection)]
public sealed class VoterProcessTests
{
    [Fact]
    public async Task Three_silos_form_a_cluster_and_any_of_them_may_be_killed_and_comes_back()
    {
        await using var cluster = await VoterProcesses.Start();
        await cluster.AreActive([.. cluster.Silos]);
        await cluster.Serves("before");

        // The silo that leads the table's group, and one that does not.
        var leader = await cluster.Leader();
        foreach (var silo in new[] { leader, cluster.Silos.First(silo => silo != leader) })
        {
            var generation = (await cluster.Row(silo)).StartTime;
            await cluster.Kill(silo);
            Assert.NotEqual(silo, await cluster.Leader());
            await cluster.Serves($"without {silo}");

            await cluster.Start(silo);
            await cluster.AreActive([.. cluster.Silos]);
            Assert.True((await cluster.Row(silo)).StartTime > generation);
            await cluster.Leader();
            await cluster.Serves($"with {silo} again");
        }
    }

    [Fact]
    public async Task A_silo_that_is_stopped_is_dead_in_the_table_and_all_three_that_were_stopped_come_back()
    {
        await using var cluster = await VoterProcesses.Start();
        await cluster.Serves("before");
        await cluster.Disconnect();
        foreach (var silo in cluster.Silos.Take(2))
        {
            Assert.Equal(0, await cluster.Terminate(silo));
            if (silo == cluster.Silos[0])
            {
                // The second one that goes leaves no majority behind to ask.
                Assert.Equal(SiloStatus.Dead, (await cluster.Row(silo)).Status);
            }
        }

        Assert.Equal(0, await cluster.Terminate(cluster.Silos[2]));
        await cluster.Start([.. cluster.Silos]);
        await cluster.AreActive([.. cluster.Silos]);
        await cluster.Connect();
        await cluster.Serves("after");
    }

    [Fact]
    public async Task A_silo_whose_directory_was_wiped_is_admitted_to_the_table_anew()
    {
        await using var cluster = await VoterProcesses.Start();
        var before = (await cluster.Look("silo-2"))!.Identity;
        await cluster.Kill("silo-2");
        cluster.Wipe("silo-2");
        await cluster.Start("silo-2");
        await cluster.AreActive([.. cluster.Silos]);
        await cluster.Leader();

        var after = (await cluster.Look("silo-2"))!.Identity;
        Assert.Equal(before.Group, after.Group);
        Assert.NotEqual(before.Member, after.Member);
        await cluster.Serves("after");
    }

    [Fact]
    public async Task A_silo_with_the_id_of_another_cluster_is_refused_and_does_not_disturb()
    {
        await using var cluster = await VoterProcesses.Start(evicts: true);
        await cluster.Kill("silo-3");
        var stranger = cluster.Begin("silo-3", cluster: "another");
        await Wait.For(
            "the stranger is refused",
            () => Task.FromResult(stranger.Said),
            said => said.Contains("'silo-3' is of cluster 'another', but 'silo-1' is of cluster 'processes'", StringComparison.Ordinal));
        await cluster.Kill("silo-3");
        await cluster.Serves("without silo-3");
        await cluster.AreActive("silo-1", "silo-2");
        await cluster.Start("silo-3");
        await cluster.AreActive([.. cluster.Silos]);
        await cluster.Serves("with silo-3 again");
    }
}
