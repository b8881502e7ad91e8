using LifeRaft.Protocol;

namespace LifeRaft.Cluster.Tests;

/// <summary>Leadership moves, and nobody who asks for something notices.</summary>
public sealed class LeadershipTests
{
    // Slow enough that a busy machine takes no leadership away: these tests are about leadership that is given.
    private static readonly GroupTimings _patient = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4), 0.8);

    [Fact]
    public async Task No_request_fails_while_leadership_is_handed_round()
    {
        await using var cluster = await RaftCluster.Start(3);
        var group = cluster.Group("kv/round");
        await group.Create([.. cluster.Running.Select(RaftCluster.Address)], _patient);
        await cluster.Leader(group);
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 8).Select(client => Write(cluster.From(client % 3).GetRaftGroup("kv/round"), client, stop.Token)).ToList();
        for (var round = 0; round < 12; round++)
        {
            var target = RaftCluster.Address(round % 3);
            await group.TransferLeadership(target);
            await Wait.For($"{target} leads", () => cluster.Status(group), nodes => nodes.Any(node => node.Address == target && node.State == RaftState.Leader), RaftCluster.Describe);
        }

        await stop.CancelAsync();
        var written = await Task.WhenAll(clients);
        Assert.All(written, count => Assert.True(count > 0));
        foreach (var (count, client) in written.Select((count, client) => (count, client)))
        {
            Assert.Equal(count, (await new KeyValueStore(group).Get($"client-{client}"))!.Version);
        }
    }

    [Fact]
    public async Task A_silo_that_is_stopped_hands_over_what_it_leads_first()
    {
        await using var cluster = await RaftCluster.Start(3);
        var group = cluster.Group("kv/stopped");
        await group.Create([.. cluster.Running.Select(RaftCluster.Address)], _patient);
        var leader = await cluster.Leader(group);
        var stopped = RaftCluster.SiloOf(leader.Address);
        var rest = cluster.Running.Where(silo => silo != stopped).ToList();
        using var stop = new CancellationTokenSource();
        var recordings = await Task.WhenAll(rest.Select(async silo => await Recording.Of(await From(silo).Node(RaftCluster.Address(silo)), stop.Token)));
        var writer = Write(From(rest[0]), client: 0, stop.Token);
        await cluster.Stop(stopped);
        var next = await cluster.Leader(group);
        Assert.NotEqual(leader.Address, next.Address);
        await stop.CancelAsync();
        Assert.True(await writer > 0);

        // Nobody missed a heartbeat: leadership was given, not taken.
        var events = (await Task.WhenAll(recordings.Select(recording => recording.Rest))).SelectMany(heard => heard).ToList();
        Assert.Contains(events, heard => heard is StateEvent { State: RaftState.Leader });
        Assert.DoesNotContain(events, heard => heard is HeartbeatTimeoutEvent);
        Assert.Equal(leader.Term + 1, next.Term);

        RaftGroup From(int silo) => cluster.From(silo).GetRaftGroup("kv/stopped");
    }

    [Fact]
    public async Task Leaders_gather_on_the_silos_that_are_preferred()
    {
        const int Preferred = 2;
        await using var cluster = await RaftCluster.Start(3, optionsOf: (silo, options) => options.LeaderPriority = silo == RaftCluster.Silo(Preferred) ? 10 : 0);
        var group = await cluster.Create("kv/preferred");
        await Wait.For(
            "the preferred silo leads",
            () => cluster.Status(group),
            nodes => nodes.Any(node => node.State == RaftState.Leader && RaftCluster.SiloOf(node.Address) == Preferred),
            RaftCluster.Describe);
    }

    /// <summary>Writes one key again and again; every write must succeed. Returns how many there were.</summary>
    private static async Task<long> Write(RaftGroup group, int client, CancellationToken stop)
    {
        var store = new KeyValueStore(group);
        var count = 0L;
        while (!stop.IsCancellationRequested)
        {
            await store.Put($"client-{client}", BitConverter.GetBytes(count), CancellationToken.None);
            count++;
        }

        return count;
    }
}
