using LifeRaft.Hosting;
using LifeRaft.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace LifeRaft.Cluster.Tests;

/// <summary>Typed machines on silos: what a client sends and sees, and what becomes of a command that only some silos know.</summary>
public sealed class TypedMachineTests
{
    [Fact]
    public async Task Commands_queries_exceptions_and_sessions_work_from_clients_and_silos()
    {
        await using var cluster = await RaftCluster.Start(3, raft => raft.AddStateMachine<Counters>());
        await cluster.Create("counters/main");
        var counters = ((IClusterClient)cluster.Client).GetRaft<Counters>("main");
        Assert.Equal("counters/main", counters.Group.Name.ToString());
        Assert.Equal(3, await counters.Command(new Add("a", 3)));

        var fromSilo = cluster.Services(1).GetRequiredService<IClusterClient>().GetRaft<Counters>("counters/main");
        Assert.Equal(3, await fromSilo.Query(new Count("a")));

        await using var session = await fromSilo.OpenSession();
        Assert.Equal(5, await session.Command(new Add("a", 2)));
        foreach (var commands in new RaftCommands<Counters>[] { counters, session })
        {
            Assert.Equal(105, (await Assert.ThrowsAsync<TooMuchException>(() => commands.Command(new Add("a", 100, AtMost: 50)))).Count);
            Assert.Equal(5, await commands.Query(new Count("a")));
            Assert.Contains("'counters.reset'", (await Assert.ThrowsAsync<InvalidRequestException>(() => commands.Command(new Reset("a")))).Message, StringComparison.Ordinal);
        }

        await Assert.ThrowsAsync<InvalidRequestException>(() => counters.Group.Command("raw"u8.ToArray()));
        await HaveEqualStates(cluster, counters.Group, 3);
    }

    [Fact]
    public async Task A_query_waits_and_time_passes_through_a_change_of_leader()
    {
        await using var cluster = await RaftCluster.Start(3, raft => raft.AddStateMachine<Counters>());
        var group = await cluster.Create("counters/timed");
        var leader = RaftCluster.SiloOf((await cluster.Leader(group)).Address);
        var counters = cluster.Services((leader + 1) % 3).GetRequiredService<IClusterClient>().GetRaft<Counters>("timed");
        var waiting = counters.Await(new Count("late"), TestContext.Current.CancellationToken);
        var ended = counters.Await(new Ended(), TestContext.Current.CancellationToken);
        await cluster.Kill(leader);
        await counters.Command(new Add("late", 4));
        await counters.Command(new EndAll(TimeSpan.FromSeconds(1)));
        Assert.Equal(4, await waiting);
        Assert.NotEqual(default, await ended);
        Assert.Equal(0, await counters.Query(new Count("late")));
        await HaveEqualStates(cluster, counters.Group, 2);
    }

    [Fact]
    public async Task A_silo_of_an_older_build_stops_at_a_command_that_it_does_not_know_and_goes_on_when_it_is_upgraded()
    {
        var upgraded = new HashSet<string> { RaftCluster.Silo(0), RaftCluster.Silo(1) };
        await using var cluster = await RaftCluster.Start(3, configureOf: (name, raft) => _ = upgraded.Contains(name)
            ? raft.AddStateMachine<CountersOfTheNextBuild>("counters")
            : raft.AddStateMachine<Counters>());
        var group = await cluster.Create("counters/rolling");
        var counters = ((IClusterClient)cluster.Client).GetRaft<Counters>("rolling");
        await counters.Command(new Add("a", 1));

        await group.TransferLeadership(RaftCluster.Address(2));
        Assert.Contains("Upgrade this silo", (await Assert.ThrowsAsync<InvalidRequestException>(() => counters.Command(new Reset("a")))).Message, StringComparison.Ordinal);
        await cluster.AllApplied(group, 3);

        await group.TransferLeadership(RaftCluster.Address(0));
        Assert.True(await counters.Command(new Reset("a")));
        var stopped = await Wait.For("the older build has stopped", () => Status(cluster, group), node => node.State == RaftState.Stopped, node => $"{node}");
        Assert.Contains("does not know the command 'counters.reset' at index", stopped.Failure, StringComparison.Ordinal);
        Assert.Equal(2, await counters.Command(new Add("a", 2)));

        upgraded.Add(RaftCluster.Silo(2));
        await cluster.Stop(2);
        await cluster.Restart(2);
        await HaveEqualStates(cluster, group, 3);
    }

    [Fact]
    public void Two_machines_of_one_name_are_refused()
    {
        var failure = Assert.Throws<InvalidRequestException>(() => Machines().AddStateMachine<Counters>().AddStateMachine<CountersOfTheNextBuild>("counters"));
        Assert.Contains("Both LifeRaft.Cluster.Tests.Counters and LifeRaft.Cluster.Tests.CountersOfTheNextBuild are registered as 'counters'", failure.Message, StringComparison.Ordinal);
        Machines().AddStateMachine<Counters>().AddStateMachine<Counters, TalkativeNodeGrain>("counters");
        Assert.Contains("[RaftMachine", Assert.Throws<InvalidRequestException>(() => Machines().AddStateMachine<KeyValueMachine>()).Message, StringComparison.Ordinal);
    }

    private static LifeRaftBuilder Machines() => new(new ServiceCollection());

    private static async Task<NodeStatus> Status(RaftCluster cluster, RaftGroup group) =>
        (await cluster.Status(group)).Single(node => node.Address == RaftCluster.Address(2));

    private static async Task HaveEqualStates(RaftCluster cluster, RaftGroup group, int nodes)
    {
        var applied = await cluster.AllApplied(group, nodes);
        var hashes = await Task.WhenAll(applied.Select(async node => (await (await cluster.Node(group, RaftCluster.SiloOf(node.Address))).StateHash()).Hash));
        Assert.Single(hashes.Distinct());
    }
}
