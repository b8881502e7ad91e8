using System.Net;
using System.Text.Json;
using LifeRaft.TestingHost;
using Microsoft.Extensions.Logging.Abstractions;

namespace LifeRaft.Dashboard.Tests;

/// <summary>One look at the silos for all who watch, only while somebody does, and nothing is kept for who reads slowly.</summary>
public sealed class StreamTests(SharedCluster shared) : IClassFixture<SharedCluster>
{
    [Fact]
    public async Task The_silos_are_asked_only_while_somebody_watches()
    {
        var poller = Poller();
        Assert.False(poller.IsRunning);
        var (first, second) = (poller.Join(null, out var fresh)!, poller.Join(null, out _)!);
        Assert.True(poller.IsRunning);
        var state = await poller.NewerThan(fresh, TestContext.Current.CancellationToken);
        Assert.Contains(state.Groups, group => group.Name == "kv/orders");
        first.Dispose();
        await poller.NewerThan(state.Version, TestContext.Current.CancellationToken);
        second.Dispose();
        await poller.Stopped();

        // Who comes later gets what was asked for after he came.
        using var third = poller.Join("kv/orders", out fresh)!;
        var later = await poller.NewerThan(fresh, TestContext.Current.CancellationToken);
        Assert.True(later.ReceivedAt > state.ReceivedAt);
        Assert.Equal("kv/orders", later.Watched["kv/orders"].View!.Name);
    }

    [Fact]
    public async Task Who_reads_slowly_is_told_the_newest_and_what_changed_since()
    {
        await shared.Cluster.Create("kv/quiet");
        var poller = Poller();
        using var viewer = poller.Join("kv/orders", out var fresh)!;
        var old = await viewer.Next(fresh, TestContext.Current.CancellationToken);
        while (old.Groups.Any(group => group.Health != GroupHealth.Healthy))
        {
            old = await viewer.Next(old.Version, TestContext.Current.CancellationToken); // Else their order changes yet.
        }

        var store = new KeyValueStore(shared.Group);
        LiveState newest;
        do
        {
            await store.Put("slow", new byte[] { 1 });
            newest = await poller.NewerThan(poller.Version, TestContext.Current.CancellationToken);
        }
        while (newest.Version < old.Version + 4);

        var next = await viewer.Next(old.Version, TestContext.Current.CancellationToken);
        Assert.True(next.Version >= newest.Version);
        var told = next.Since(old.Version, viewer.Group);
        Assert.False(told.IsWhole);
        Assert.Contains(told.Groups, group => group.Name == "kv/orders");
        Assert.DoesNotContain(told.Groups, group => group.Name == "kv/quiet");
        Assert.True(told.Group!.Commit > old.Watched["kv/orders"].View!.Commit);
        Assert.True(next.Since(0, null).IsWhole);
        await shared.Cluster.Client.GetRaftGroup("kv/new").Create(1);
        while (!newest.Groups.Any(group => group.Name == "kv/new"))
        {
            newest = await poller.NewerThan(newest.Version, TestContext.Current.CancellationToken);
        }

        Assert.True(newest.Since(old.Version, null).IsWhole); // Others than he knows: he gets all.
    }

    [Fact]
    public async Task No_more_may_watch_than_are_allowed_and_who_leaves_makes_room()
    {
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0", new(Options: options => options.MaximumViewers = 2));
        var first = await Watch();
        using var second = await Watch();
        using (var refused = await Watch())
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        Assert.Equal("text/event-stream", first.Content.Headers.ContentType!.MediaType);
        first.Dispose();
        HttpResponseMessage? third = null;
        for (; third is not { StatusCode: HttpStatusCode.OK }; third = await Watch())
        {
            // The host learns a little later that somebody has left. The test's own deadline ends this.
            third?.Dispose();
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        third.Dispose();

        Task<HttpResponseMessage> Watch() => host.Client.GetAsync("api/stream", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_same_is_answered_as_plain_JSON()
    {
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0");
        var leader = await shared.Cluster.WaitForLeader(shared.Group);
        using var cluster = JsonDocument.Parse(await host.Client.GetStringAsync("api/cluster"));
        Assert.Equal(["Silo_0", "Silo_1", "Silo_2"], cluster.RootElement.GetProperty("silos").EnumerateArray().Select(silo => silo.GetProperty("name").GetString()));
        var summary = cluster.RootElement.GetProperty("groups").EnumerateArray().Single(group => group.GetProperty("name").GetString() == "kv/orders");
        Assert.Equal("healthy", summary.GetProperty("health").GetString());
        using var group = JsonDocument.Parse(await host.Client.GetStringAsync("api/groups/kv/orders"));
        Assert.Equal(leader.Address, group.RootElement.GetProperty("leader").GetString());
        Assert.Contains(group.RootElement.GetProperty("members").EnumerateArray(), member => member.GetProperty("node").GetProperty("state").GetString() == "leader");
        Assert.DoesNotContain("null", group.RootElement.GetRawText(), StringComparison.Ordinal);
        using var events = JsonDocument.Parse(await host.Client.GetStringAsync("api/events?group=kv/orders&count=5"));
        Assert.InRange(events.RootElement.GetProperty("events").GetArrayLength(), 1, 5);
        Assert.All(events.RootElement.GetProperty("events").EnumerateArray(), one => Assert.Equal("kv/orders", one.GetProperty("group").GetString()));
        using var none = await host.Client.GetAsync("api/groups/kv/none");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        Assert.Contains("No silo that answered knows the group kv/none", await none.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private ClusterPoller Poller() => new(
        shared.Cluster.ClientAt("Silo_0").GetRaftCluster(), new LifeRaftDashboardOptions { Interval = TimeSpan.FromMilliseconds(100) }, TimeProvider.System, NullLogger<ClusterPoller>.Instance);
}
