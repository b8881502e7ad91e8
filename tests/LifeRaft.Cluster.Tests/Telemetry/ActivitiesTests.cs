using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Orleans.Hosting;

namespace LifeRaft.Cluster.Tests;

/// <summary>The spans of commands and queries, from the client to the leader's state machine.</summary>
public sealed class ActivitiesTests
{
    [Fact]
    public async Task The_page_lists_each_and_those_of_one_command_are_one_trace()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "LifeRaft" || source.Name.StartsWith("Microsoft.Orleans", StringComparison.Ordinal),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var cluster = await RaftCluster.Start(3, services: silo => silo.AddActivityPropagation());
        await cluster.Create("kv/traced");
        var leader = RaftCluster.SiloOf((await cluster.Leader(cluster.Group("kv/traced"))).Address);
        var group = cluster.From(cluster.Running.First(silo => silo != leader)).GetRaftGroup("kv/traced");

        using var outer = new Activity("test").Start();
        var store = new KeyValueStore(group);
        await store.Put("key", Encoding.UTF8.GetBytes("value"));
        await store.Get("key");
        await using (var session = await group.OpenSession())
        {
            await new KeyValueStore(session).Put("other", Encoding.UTF8.GetBytes("value"));
        }

        await Assert.ThrowsAnyAsync<Exception>(() => group.Await(new byte[] { 255 }, TestContext.Current.CancellationToken));
        outer.Stop();

        var ours = ended.Where(activity => activity.Source.Name == "LifeRaft" && activity.TraceId == outer.TraceId).ToList();
        var real = ours.GroupBy(activity => activity.OperationName).OrderBy(span => span.Key, StringComparer.Ordinal).Select(Row).ToList();
        TelemetryPage.Compare("Activities", real, [.. TelemetryPage.Read("Activities").Select(row => string.Join(" | ", row.Take(4)))]);

        var command = ours.First(activity => activity.OperationName == "liferaft.command");
        var proposal = ours.First(activity => activity.OperationName == "liferaft.propose");
        Assert.True(proposal.StartTimeUtc >= command.StartTimeUtc && proposal.Duration <= command.Duration, "The proposal lies within the command.");
        Assert.Equal(["append", "sync", "commit", "apply"], proposal.Events.Select(each => each.Name).OrderBy(Expected));
        Assert.Equal("apply", proposal.Events.Last().Name);
        Assert.Equal("kv/traced", command.GetTagItem("liferaft.group"));
        var failed = ours.Single(activity => activity.OperationName == "liferaft.await");
        Assert.Equal(ActivityStatusCode.Error, failed.Status);
        Assert.NotNull(failed.GetTagItem("error.type"));
    }

    private static string Row(IGrouping<string, Activity> spans)
    {
        var attributes = spans.SelectMany(span => span.Tags.Select(tag => tag.Key).Concat(span.TagObjects.Select(tag => tag.Key))).Where(name => name.StartsWith("liferaft.", StringComparison.Ordinal));
        var events = spans.SelectMany(span => span.Events).Select(each => each.Name).Distinct().OrderBy(Expected);
        return $"{spans.Key} | {spans.First().Kind} | {string.Join(", ", attributes.Distinct().Order(StringComparer.Ordinal))} | {string.Join(", ", events)}";
    }

    private static int Expected(string name) => Array.IndexOf(["append", "sync", "commit", "apply"], name);
}
