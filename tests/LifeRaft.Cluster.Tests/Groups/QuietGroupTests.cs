using System.Text;
using LifeRaft.Hosting;
using LifeRaft.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace LifeRaft.Cluster.Tests;

/// <summary>Groups that have nothing to do send no heartbeats: their silos watch each other.</summary>
public sealed class QuietGroupTests
{
    private const int Groups = 50;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_idle_group_is_quiet_keeps_its_leader_and_is_woken_by_a_command()
    {
        await using var cluster = await RaftCluster.Start(3);
        var group = await cluster.Create("kv/idle");
        var store = new KeyValueStore(group);
        var leader = await cluster.Leader(group);
        for (var value = 0; value < 3; value++)
        {
            await IsQuiet(cluster, group);
            await store.Put("key", Encoding.UTF8.GetBytes($"{value}"), Ending);
            Assert.Equal($"{value}", Encoding.UTF8.GetString((await store.Get("key", Ending))!.Value.Span));
        }

        await IsQuiet(cluster, group);
        var now = await cluster.Leader(group);
        Assert.Equal((leader.Address, leader.Term), (now.Address, now.Term));
    }

    [Fact]
    public async Task What_a_quiet_follower_says_of_its_state_is_not_old_and_neither_is_its_condition()
    {
        await using var cluster = await RaftCluster.Start(3);
        var group = await cluster.Create("kv/stale");
        await new KeyValueStore(group).Put("key", "1"u8.ToArray(), Ending);
        var leader = await cluster.Leader(group);
        var follower = cluster.Running.First(silo => silo != RaftCluster.SiloOf(leader.Address));
        await IsQuietForLong(cluster, group, follower);
        var report = await cluster.Services(follower).GetRequiredService<SiloReporter>().Report(group.Name);
        Assert.True(report.Nodes.Single() is { IsQuiet: true, Problem: null, IsUnfit: false } node && node.LastContact < TimeSpan.FromSeconds(1), $"{report.Nodes.Single()}");
        var stale = await (await cluster.Node(group, follower)).QueryStale(new KeyValueQuery(KeyValueQueryKind.CountApplied).Encode());
        Assert.True(stale.Age < TimeSpan.FromSeconds(1), $"{stale.Age}");
    }

    [Fact]
    public async Task A_quiet_leader_misses_a_follower_whose_silo_is_killed_and_hears_it_again_when_that_is_back()
    {
        await using var cluster = await RaftCluster.Start(3);
        var group = await cluster.Create("kv/missed");
        var leader = RaftCluster.SiloOf((await cluster.Leader(group)).Address);
        var killed = cluster.Running.First(silo => silo != leader);
        await IsQuietForLong(cluster, group, leader);
        await cluster.Kill(killed);
        await Misses(1);
        Assert.Contains(JournalKind.MemberUnreachable, cluster.Services(leader).GetRequiredService<SiloJournal>().After(0).Entries.Select(entry => entry.Kind));

        await cluster.Restart(killed);
        await Misses(0);

        async Task Misses(int silent) => await Wait.For(
            $"the leader misses {silent} members, and is quiet",
            () => Task.FromResult(cluster.Services(leader).GetRequiredService<NodeSessions>().All.Single().Telemetry.Figures),
            figures => figures.Silent == silent && figures.IsQuiet,
            figures => $"{figures.Silent}, quiet: {figures.IsQuiet}");
    }

    [Fact]
    public async Task Quiet_groups_elect_new_leaders_when_the_silo_of_theirs_is_killed()
    {
        await using var cluster = await RaftCluster.Start(3);
        var groups = await CreateMany(cluster);
        var killed = cluster.Running.MaxBy(silo => groups.Count(group => Leads(cluster, group, silo)));
        Assert.NotEqual(0, groups.Count(group => Leads(cluster, group, killed)));

        await cluster.Kill(killed);
        await AllAcceptWrites(cluster, groups, cluster.Running.First());
    }

    [Fact]
    public async Task Quiet_groups_elect_new_leaders_when_nothing_gets_through_to_the_silo_of_theirs_though_no_connection_ends()
    {
        var stall = new Stall();
        await using var cluster = await RaftCluster.Start(3, services: silo => silo.Services.AddSingleton<IIncomingGrainCallFilter>(services =>
            new Stall.Filter(stall, services.GetRequiredService<ILocalSiloDetails>().Name)));
        var groups = await CreateMany(cluster);
        var cut = cluster.Running.MaxBy(silo => groups.Count(group => Leads(cluster, group, silo)));
        var led = groups.Where(group => Leads(cluster, group, cut)).ToList();
        Assert.NotEmpty(led);

        stall.Silo = RaftCluster.Silo(cut);
        var others = cluster.Running.Where(silo => silo != cut).ToList();
        await Wait.For(
            "every group has a leader on the side of the majority, and the silo that is cut off leads none",
            () => Task.FromResult(groups.Where(group => !others.Any(silo => Leads(cluster, group, silo)) || Leads(cluster, group, cut)).ToList()),
            missing => missing.Count == 0,
            missing => string.Join(", ", missing.Select(group => group.Name)));

        stall.Silo = null;
        await AllAcceptWrites(cluster, groups, others[0]);
        foreach (var group in groups)
        {
            await IsQuiet(cluster, group);
        }
    }

    [Fact]
    public async Task A_silo_that_was_restarted_under_quiet_groups_is_part_of_them_again()
    {
        await using var cluster = await RaftCluster.Start(3);
        var groups = await CreateMany(cluster);
        await cluster.Kill(0);
        await cluster.Restart(0);
        await AllAcceptWrites(cluster, groups, 0);
        foreach (var group in groups)
        {
            await IsQuiet(cluster, group);
            await cluster.AllApplied(group, 3);
            var hashes = await Task.WhenAll(cluster.Running.Select(async silo => await (await cluster.Node(group, silo)).StateHash()));
            Assert.Single(hashes.Distinct());
        }
    }

    [Fact]
    public async Task Who_watches_the_heartbeats_of_a_node_keeps_its_group_awake()
    {
        await using var cluster = await RaftCluster.Start(3);
        var group = await cluster.Create("kv/watched");
        var leader = await cluster.Leader(group);
        await IsQuiet(cluster, group);
        using (var watching = CancellationTokenSource.CreateLinkedTokenSource(Ending))
        {
            var follower = await cluster.Node(group, cluster.Running.First(silo => silo != RaftCluster.SiloOf(leader.Address)));
            var heartbeats = 0;
            try
            {
                await foreach (var raftEvent in follower.Watch(watching.Token))
                {
                    heartbeats += raftEvent is DataEvent { Packet.Type: PacketTypes.Append } ? 1 : 0;
                    if (heartbeats == 40)
                    {
                        await watching.CancelAsync();
                    }
                }
            }
            catch (OperationCanceledException) when (heartbeats == 40)
            {
                // Enough was seen: more than ElectionMax holds.
            }
        }

        await IsQuiet(cluster, group);
    }

    [Fact]
    public async Task Groups_of_a_silo_that_wants_none_to_be_quiet_send_heartbeats()
    {
        await using var cluster = await RaftCluster.Start(3, optionsOf: (silo, options) => options.QuietGroups = silo != RaftCluster.Silo(2));
        var group = await cluster.Create("kv/loud");
        await IsNeverQuiet(cluster, group);
    }

    internal static async Task IsNeverQuiet(RaftCluster cluster, RaftGroup group)
    {
        var leader = await cluster.Leader(group);
        var follower = cluster.Running.First(silo => silo != RaftCluster.SiloOf(leader.Address));
        var first = Node(cluster, group, follower).Status().LeaderHeardAt;
        await Wait.For(
            "the leader is heard for much longer than a group has to be idle",
            () => Task.FromResult(Node(cluster, group, follower).Status()),
            status => status.LeaderHeardAt > first + (10 * GroupTimings.Default.ElectionMax));
        Assert.False(Node(cluster, group, RaftCluster.SiloOf(leader.Address)).IsQuiet);
    }

    private static async Task<IReadOnlyList<RaftGroup>> CreateMany(RaftCluster cluster)
    {
        var groups = await Task.WhenAll(Enumerable.Range(0, Groups).Select(number => cluster.Create($"kv/quiet-{number}")));
        foreach (var group in groups)
        {
            await IsQuiet(cluster, group);
        }

        return groups;
    }

    private static async Task AllAcceptWrites(RaftCluster cluster, IReadOnlyList<RaftGroup> groups, int from) =>
        await Task.WhenAll(groups.Select(group => FailoverTests.Surely(
            () => new KeyValueStore(cluster.From(from).GetRaftGroup(group.Name.ToString())).Put("after", "1"u8.ToArray()))));

    private static async Task IsQuiet(RaftCluster cluster, RaftGroup group) => await Wait.For(
        $"all nodes of {group.Name} are quiet",
        () => Task.FromResult(cluster.Running.Select(silo => Session(cluster, group, silo)?.Node).ToList()),
        nodes => nodes.All(node => node is { IsQuiet: true }) && nodes.Select(node => node!.Term).Distinct().Count() == 1,
        nodes => string.Join("; ", nodes.Select(node => $"{node?.State} of term {node?.Term}, quiet: {node?.IsQuiet}")));

    /// <summary>The silos know each other by then, and what one says is no news to another.</summary>
    private static async Task IsQuietForLong(RaftCluster cluster, RaftGroup group, int silo) => await Wait.For(
        $"the node on silo {silo} was quiet for longer than it would have waited for a heartbeat",
        () => Session(cluster, group, silo)!.Ask((node, now) => (node.IsQuiet, Age: node.AgeOfState(now))),
        seen => seen.IsQuiet && seen.Age > TimeSpan.FromSeconds(1),
        seen => $"{seen}");

    private static bool Leads(RaftCluster cluster, RaftGroup group, int silo) => Node(cluster, group, silo).State == RaftState.Leader;

    private static RaftNode Node(RaftCluster cluster, RaftGroup group, int silo) => Session(cluster, group, silo)!.Node;

    private static NodeSession? Session(RaftCluster cluster, RaftGroup group, int silo) =>
        cluster.Services(silo).GetRequiredService<NodeSessions>().Find(new NodeKey(group.Name, NodeAddress.Parse(RaftCluster.Address(silo))));

    /// <summary>What the others and one silo say to each other is lost, in both directions. Orleans notices nothing.</summary>
    private sealed class Stall
    {
        private volatile string? _silo;

        /// <summary>The silo that is cut off; null for none.</summary>
        public string? Silo
        {
            get => _silo;
            set => _silo = value;
        }

        public sealed class Filter(Stall stall, string silo) : IIncomingGrainCallFilter
        {
            public Task Invoke(IIncomingGrainCallContext context)
            {
                var from = context.Request.GetArgumentCount() == 0 ? null : context.Request.GetArgument(0) switch
                {
                    PeerFrame frame => SiloLink.SiloOf(frame.From),
                    LinkBeat beat => beat.From,
                    _ => null,
                };
                return from is not null && stall.Silo is { } cut && (from == cut) != (silo == cut) ? Task.CompletedTask : context.Invoke();
            }
        }
    }
}
