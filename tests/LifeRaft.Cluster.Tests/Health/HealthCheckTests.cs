using LifeRaft.Hosting;
using LifeRaft.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LifeRaft.Cluster.Tests;

/// <summary>Ready and live, on silos that run, that lose the others, and that stop.</summary>
public sealed class HealthCheckTests
{
    [Fact]
    public async Task Silos_are_ready_with_leaders_and_a_silo_that_lost_the_majority_is_live_but_not_ready()
    {
        await using var cluster = await RaftCluster.Start(3, WithChecks);
        Assert.All(await All(cluster), report => Assert.Equal(HealthStatus.Healthy, report.Status));

        var group = await cluster.Create("kv/healthy");
        await cluster.Leader(group);
        await Until(cluster, 0, report => report.Status == HealthStatus.Healthy);
        Assert.Equal("1 nodes know their leaders.", (await Check(cluster, 0)).Entries["liferaft-ready"].Description);

        await cluster.Kill(2);
        await cluster.Kill(1);
        var alone = await Until(cluster, 0, report => report.Entries["liferaft-ready"].Status == HealthStatus.Unhealthy);
        Assert.Equal("knows no leader", alone.Entries["liferaft-ready"].Data["kv/healthy/1@Silo_0"]);
        Assert.Equal("1 of 1 nodes cannot serve. kv/healthy/1@Silo_0 knows no leader.", alone.Entries["liferaft-ready"].Description);
        Assert.Equal(HealthStatus.Healthy, alone.Entries["liferaft-live"].Status);
    }

    [Fact]
    public async Task A_silo_is_not_ready_before_it_is_active_nor_once_it_stops_and_lives_all_the_while()
    {
        var seen = new List<(SiloPhase Phase, HealthReport Report)>();
        await using (await RaftCluster.Start(1, raft =>
        {
            WithChecks(raft);
            raft.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(services => new Observer(services, seen));
        }))
        {
        }

        Assert.Equal([SiloPhase.Starting, SiloPhase.Opened, SiloPhase.Active, SiloPhase.Stopping], seen.Select(each => each.Phase));
        Assert.Equal(
            ["The log store is not open yet.", "The silo is not active yet.", "0 nodes know their leaders.", "The silo is being stopped."],
            seen.Select(each => each.Report.Entries["liferaft-ready"].Description));
        Assert.Equal([false, false, true, false], seen.Select(each => each.Report.Entries["liferaft-ready"].Status == HealthStatus.Healthy));
        Assert.All(seen, each => Assert.Equal(HealthStatus.Healthy, each.Report.Entries["liferaft-live"].Status));
    }

    [Fact]
    public async Task A_node_that_the_store_holds_and_that_cannot_be_opened_is_named()
    {
        await using var cluster = await RaftCluster.Start(1, raft =>
        {
            WithChecks(raft);
            raft.AddStateMachine<KeyValueMachine, TalkativeNodeGrain>("talk");
        });
        await Hold(cluster, "talk/mute/unable@Silo_0");
        await Hold(cluster, "gone/orders/1@Silo_0");
        await Until(cluster, 0, report => report.Entries["liferaft-ready"] is { Status: HealthStatus.Unhealthy, Data.Count: 2 });
        var ready = (await Check(cluster, 0)).Entries["liferaft-ready"];
        Assert.Equal(HealthStatus.Unhealthy, ready.Status);
        Assert.Equal("is held by the log store and does not run; the silo's log says why", ready.Data["talk/mute/unable@Silo_0"]);
        Assert.StartsWith("No state machine is registered as 'gone'", Assert.IsType<string>(ready.Data["gone/orders/1@Silo_0"]), StringComparison.Ordinal);
    }

    /// <summary>Whoever takes unready silos away from their clients would take all that hold the group, and all others groups with them.</summary>
    [Fact]
    public async Task A_silo_of_which_one_node_cannot_serve_and_another_can_is_degraded()
    {
        await using var cluster = await RaftCluster.Start(1, WithChecks);
        var group = await cluster.Create("kv/healthy");
        await cluster.Leader(group);
        await Until(cluster, 0, each => each.Entries["liferaft-ready"].Status == HealthStatus.Healthy);
        await Hold(cluster, "gone/orders/1@Silo_0");
        var report = await Until(cluster, 0, each => each.Entries["liferaft-ready"].Data.Count == 1);
        Assert.Equal(HealthStatus.Degraded, report.Entries["liferaft-ready"].Status);
        Assert.StartsWith("1 of 2 nodes cannot serve. gone/orders/1@Silo_0 No state machine is registered as 'gone'", report.Entries["liferaft-ready"].Description, StringComparison.Ordinal);
    }

    /// <summary>Who restarts the silos one after another waits for each to be ready, and must not take a second member from a group so.</summary>
    [Fact]
    public async Task A_restarted_silo_is_not_ready_while_one_of_its_nodes_has_not_served_though_others_do()
    {
        await using var cluster = await RaftCluster.Start(3, WithChecks);
        await cluster.Leader(await cluster.Create("kv/large"));
        await cluster.Create("kv/alone", 2);
        Assert.Equal(HealthStatus.Healthy, (await Until(cluster, 2, report => report.Entries["liferaft-ready"].Description == "2 nodes know their leaders.")).Status);

        foreach (var silo in cluster.Running.ToList())
        {
            await cluster.Stop(silo);
        }

        await cluster.Restart(2);
        var waiting = await Until(cluster, 2, report => report.Entries["liferaft-ready"].Description!.StartsWith("1 of 2 nodes have not served since the silo started. kv/large/", StringComparison.Ordinal));
        Assert.Equal(HealthStatus.Unhealthy, waiting.Entries["liferaft-ready"].Status);
        Assert.Equal(["kv/large/3@Silo_2"], waiting.Entries["liferaft-ready"].Data.Keys);

        await cluster.Restart(1);
        await Until(cluster, 2, report => report.Entries["liferaft-ready"] is { Status: HealthStatus.Healthy, Description: "2 nodes know their leaders." });
    }

    [Fact]
    public async Task A_silo_is_not_ready_before_the_declared_groups_exist()
    {
        await using var cluster = await RaftCluster.Start(2, raft =>
        {
            WithChecks(raft);
            raft.AddGroup("kv/declared");
        });
        var waiting = await Until(cluster, 0, report => report.Entries["liferaft-ready"].Status == HealthStatus.Unhealthy);
        Assert.Equal("1 declared groups do not exist yet: kv/declared.", waiting.Entries["liferaft-ready"].Description);

        await cluster.Restart(2);
        foreach (var silo in cluster.Running)
        {
            await Until(cluster, silo, report => report.Entries["liferaft-ready"] is { Status: HealthStatus.Healthy, Description: "1 nodes know their leaders." });
        }
    }

    [Fact]
    public async Task A_host_without_LifeRaft_says_so()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddHealthChecks().AddLifeRaft();
        await using var provider = services.BuildServiceProvider();
        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        Assert.All(report.Entries.Values, entry => Assert.Equal(HealthStatus.Unhealthy, entry.Status));
        Assert.All(report.Entries.Values, entry => Assert.Contains("has no silo with LifeRaft", entry.Description!, StringComparison.Ordinal));
        Assert.Equal([("liferaft-live", "live"), ("liferaft-ready", "ready")], report.Entries.Select(entry => (entry.Key, entry.Value.Tags.Single())).Order());
    }

    /// <summary>The log store holds a node of that name.</summary>
    private static async Task Hold(RaftCluster cluster, string node)
    {
        var log = await cluster.Services(0).GetRequiredService<SiloRaft>().Store.Claim(node, TestContext.Current.CancellationToken);
        var written = new WriteCompletion();
        log.Write(new LogWrite(new NodeIdentity(new GroupId(Guid.NewGuid()), new MemberId(Guid.NewGuid())), null, []), written);
        await written.Done;
    }

    private static void WithChecks(LifeRaftBuilder raft) => raft.Services.AddHealthChecks().AddLifeRaft();

    private static async Task<HealthReport[]> All(RaftCluster cluster) => await Task.WhenAll(cluster.Running.Select(silo => Check(cluster, silo)));

    private static Task<HealthReport> Check(RaftCluster cluster, int silo) => Check(cluster.Services(silo));

    private static Task<HealthReport> Check(IServiceProvider services) =>
        services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

    private static Task<HealthReport> Until(RaftCluster cluster, int silo, Func<HealthReport, bool> isReached) => Wait.For(
        $"the health of silo {silo}", () => Check(cluster, silo), isReached, report => string.Join("; ", report.Entries.Select(entry => $"{entry.Key}: {entry.Value.Status} {entry.Value.Description}")));

    /// <summary>Looks in each phase of a silo's life.</summary>
    private sealed class Observer(IServiceProvider services, List<(SiloPhase Phase, HealthReport Report)> seen) : ILifecycleParticipant<ISiloLifecycle>
    {
        public void Participate(ISiloLifecycle lifecycle)
        {
            lifecycle.Subscribe<Observer>(ServiceLifecycleStage.RuntimeInitialize, _ => Look());
            lifecycle.Subscribe<Observer>(ServiceLifecycleStage.RuntimeGrainServices, _ => Look());
            lifecycle.Subscribe<Observer>(ServiceLifecycleStage.Active + 3, _ => Look(), _ => Task.CompletedTask);
            lifecycle.Subscribe<Observer>(ServiceLifecycleStage.Active + 1, _ => Task.CompletedTask, _ => Look());
        }

        private async Task Look() => seen.Add((services.GetRequiredService<SiloRaft>().Phase, await Check(services)));
    }
}
