using LifeRaft.Protocol;

namespace LifeRaft.Cluster.Tests;

/// <summary>What an operator sees of a running cluster, and what he does with it.</summary>
public sealed class ClusterReportTests
{
    [Fact]
    public async Task A_healthy_group_is_shown_whole()
    {
        await using var cluster = await RaftCluster.Start(3);
        var group = await cluster.Create("kv/whole");
        await new KeyValueStore(group).Put("a", new byte[] { 1 });
        var leader = await cluster.Leader(group);
        await cluster.AllApplied(group, 3);
        var report = await Look(cluster, "kv/whole", report => report.Health == GroupHealth.Healthy);
        Assert.Equal(leader.Address, report.Leader);
        Assert.Equal(leader.Group, report.Id);
        Assert.NotNull(report.LeaderSince);
        Assert.Equal(1, report.CanLose);
        Assert.Equal(3, report.Voters);
        Assert.Empty(report.Problems);
        Assert.Equal(["1@Silo_0", "2@Silo_1", "3@Silo_2"], report.Members.Select(member => member.Address));
        Assert.All(report.Members, member => Assert.True(member is { IsUp: true, IsVoter: true, Node.Problem: null }));
        Assert.All(report.Members, member => Assert.Equal(leader.Last, member.Node!.Applied));
        Assert.All(report.Members, member => Assert.NotEmpty(member.Node!.Terms));
        var followers = report.Members.Where(member => member.Address != leader.Address).ToList();
        Assert.All(followers, member => Assert.True(member.Peer is { IsReachable: true, Lag: 0 }));
        Assert.All(followers, member => Assert.True(member.Node is { LastContact: not null } node && node.IsQuiet == node.ElectionDue is null));
        var all = await cluster.Client.GetRaftCluster().Look(TestContext.Current.CancellationToken);
        Assert.Equal(["Silo_0", "Silo_1", "Silo_2"], all.Silos.Select(silo => silo.Name));
        Assert.All(all.Silos, silo => Assert.True(silo is { IsActive: true, IsDrained: false, LogFailure: null, Running.Count: 3 }));
        Assert.Equal(["kv/whole"], all.Groups.Select(one => one.Name));
        Assert.All(all.Silos, silo => Assert.Empty(all.CriticalWithout(silo.Name)));
    }

    [Fact]
    public async Task A_dead_member_and_a_lost_quorum_are_said_by_who_is_left()
    {
        await using var cluster = await RaftCluster.Start(3);
        var group = await cluster.Create("kv/left");
        await cluster.Leader(group);
        await cluster.Kill(2);
        var degraded = await Look(cluster, "kv/left", report => report is { Health: GroupHealth.Degraded, CanLose: 0 });
        var gone = Assert.Single(degraded.Members, member => !member.IsUp);
        Assert.Equal("3@Silo_2", gone.Address);
        Assert.Null(gone.Node);
        Assert.Contains("is not there: Silo_2", gone.Problem, StringComparison.Ordinal);
        var report = await Cluster(cluster).Look(TestContext.Current.CancellationToken);
        Assert.Equal(["Silo_2"], report.Silent.Select(silo => silo.Name));
        Assert.Equal(["kv/left"], report.CriticalWithout("Silo_1").Select(one => one.Name));

        await cluster.Kill(1);
        var lost = await Look(cluster, "kv/left", report => report.Health == GroupHealth.NoQuorum);
        Assert.Equal(-1, lost.CanLose);
        Assert.Equal("", lost.Leader);
        Assert.Equal("no quorum: 1 of 3 voters are there, and 2 are needed", lost.Problems[0]);
        Assert.Equal(3, lost.Members.Count);
    }

    [Fact]
    public async Task The_journal_says_who_led_and_why_it_ended_and_is_read_on_from_where_it_ended()
    {
        await using var cluster = await RaftCluster.Start(3);
        var group = await cluster.Create("kv/told");
        var leader = await cluster.Leader(group);
        var operations = Cluster(cluster);
        var first = await operations.Journal(JournalPosition.Start, TestContext.Current.CancellationToken);
        Assert.Contains(first.Entries, entry => entry.Kind == JournalKind.SiloStarted && entry.Silo == "Silo_0");
        Assert.Contains(first.Entries, entry => entry is { Kind: JournalKind.LeaderElected, Group: "kv/told" } && entry.Node == leader.Address && entry.Term == leader.Term);
        Assert.Contains(first.Entries, entry => entry is { Kind: JournalKind.MemberJoined, Text: "3@Silo_2 was admitted." });
        Assert.Empty((await operations.Journal(first.Next, TestContext.Current.CancellationToken)).Entries);

        var next = RaftCluster.Address((RaftCluster.SiloOf(leader.Address) + 1) % 3);
        await group.TransferLeadership(next, TestContext.Current.CancellationToken);
        var entries = new List<JournalEntry>();
        var position = first.Next;
        await Wait.For(
            "the transfer is told of",
            async () =>
            {
                var page = await operations.Journal(position, TestContext.Current.CancellationToken);
                entries.AddRange(page.Entries);
                position = page.Next;
                return entries;
            },
            seen => seen.Any(entry => entry.Kind == JournalKind.LeaderElected));
        Assert.Contains(entries, entry => entry.Kind == JournalKind.LeadershipEnded && entry.Node == leader.Address && entry.Text.EndsWith("it handed over.", StringComparison.Ordinal));
        Assert.Contains(entries, entry => entry.Kind == JournalKind.ElectionStarted && entry.Node == next && entry.Text.EndsWith("the leader handed over to it.", StringComparison.Ordinal));
        Assert.True((await Look(cluster, "kv/told", report => report.Leader == next)).ElectionsInLastHour >= 2);
    }

    [Fact]
    public async Task A_drained_silo_leads_nothing_even_when_its_leader_dies_and_leads_again_when_resumed()
    {
        await using var cluster = await RaftCluster.Start(3);
        var operations = Cluster(cluster);
        foreach (var name in new[] { "kv/one", "kv/two", "kv/three" })
        {
            await cluster.Leader(await cluster.Create(name));
            await cluster.Group(name).TransferLeadership(RaftCluster.Address(1), TestContext.Current.CancellationToken);
        }

        Assert.Empty(await operations.Drain("Silo_1", TestContext.Current.CancellationToken));
        var report = await Wait.For("nothing is led by Silo_1", () => operations.Look(TestContext.Current.CancellationToken), report => report.Groups.All(group => group.Leader.Length > 0 && group.Leader != RaftCluster.Address(1)));
        Assert.True(report.Silos.Single(silo => silo.Name == "Silo_1").IsDrained);
        var node = await cluster.Node(cluster.Group("kv/one"), 1);
        await node.Campaign();
        await Wait.For("it hands over again", () => operations.Look("kv/one", TestContext.Current.CancellationToken), group => group.Leader.Length > 0 && group.Leader != RaftCluster.Address(1) && group.Term.Value > report.Groups.Single(one => one.Name == "kv/one").Term.Value);

        await operations.Resume("Silo_1", TestContext.Current.CancellationToken);
        await cluster.Group("kv/one").TransferLeadership(RaftCluster.Address(1), TestContext.Current.CancellationToken);
        Assert.Equal(RaftCluster.Address(1), (await Look(cluster, "kv/one", group => group.Leader.Length > 0 && group.Health == GroupHealth.Healthy)).Leader);
        var failure = await Assert.ThrowsAsync<NodeUnavailableException>(() => operations.Drain("nowhere", TestContext.Current.CancellationToken));
        Assert.Contains("Running are: Silo_0, Silo_1, Silo_2", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaders_that_gathered_on_one_silo_are_spread_again()
    {
        await using var cluster = await RaftCluster.Start(3);
        var operations = Cluster(cluster);
        foreach (var name in new[] { "kv/one", "kv/two", "kv/three" })
        {
            await cluster.Leader(await cluster.Create(name));
        }

        var gathered = await Wait.For(
            "Silo_0 leads everything",
            () => Gather(operations, cluster),
            report => report.Groups.All(group => group.Leader == RaftCluster.Address(0) && group.Health == GroupHealth.Healthy),
            report => string.Join("; ", report.Groups.Select(group => $"{group.Name}: {group.Health}, leader '{group.Leader}'")));
        var results = await operations.Rebalance(global::LifeRaft.RaftCluster.PlanRebalance(gathered), null, TestContext.Current.CancellationToken);
        Assert.Equal([null, null], results.Select(result => result.Problem));
        await Wait.For("each silo leads one", () => operations.Look(TestContext.Current.CancellationToken), report => report.Groups.Select(group => group.Leader).Where(leader => leader.Length > 0).Distinct().Count() == 3);
    }

    [Fact]
    public async Task A_group_that_nobody_knows_is_an_error_that_says_what_to_do()
    {
        await using var cluster = await RaftCluster.Start(1);
        var failure = await Assert.ThrowsAsync<GroupNotFoundException>(() => Cluster(cluster).Look("kv/nothing", TestContext.Current.CancellationToken));
        Assert.Contains("Create it, correct its name", failure.Message, StringComparison.Ordinal);
        Assert.Empty((await Cluster(cluster).Look(TestContext.Current.CancellationToken)).Groups);
    }

    /// <summary>Transfers once more what an election has moved since: on a loaded machine a group elects whenever it must.</summary>
    private static async Task<ClusterReport> Gather(global::LifeRaft.RaftCluster operations, RaftCluster cluster)
    {
        foreach (var group in (await operations.Look(TestContext.Current.CancellationToken)).Groups.Where(group => group.Leader != RaftCluster.Address(0)))
        {
            await cluster.Group(group.Name).TransferLeadership(RaftCluster.Address(0), TestContext.Current.CancellationToken);
        }

        return await operations.Look(TestContext.Current.CancellationToken);
    }

    /// <summary>From a silo that runs, so that a client's dead gateway does not matter.</summary>
    private static global::LifeRaft.RaftCluster Cluster(RaftCluster cluster) => cluster.From(cluster.Running.First()).GetRaftCluster();

    private static Task<GroupReport> Look(RaftCluster cluster, string group, Func<GroupReport, bool> isReached) => Wait.For(
        $"{group} is as expected",
        () => Cluster(cluster).Look(group, TestContext.Current.CancellationToken),
        isReached,
        report => $"{report.Health}, leader '{report.Leader}', can lose {report.CanLose}: {string.Join("; ", report.Problems)}");
}
