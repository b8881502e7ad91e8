using System.Diagnostics;
using LifeRaft.Protocol;

namespace LifeRaft.Hosting.Tests;

/// <summary>The span of a proposal on its leader.</summary>
public sealed class ProposalTracesTests : IDisposable
{
    private readonly ActivityListener _listener = new()
    {
        ShouldListenTo = static source => source.Name == RaftActivities.SourceName,
        Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
    };

    public ProposalTracesTests() => ActivitySource.AddActivityListener(_listener);

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void It_tells_how_far_the_proposal_is_and_ends_when_it_is_applied()
    {
        var bench = new PumpBench();
        bench.Found();
        var activity = Propose(bench, 1);
        bench.Run();
        Assert.Equal(["append"], activity.Events.Select(each => each.Name));
        Assert.False(activity.IsStopped);

        bench.CompleteAllWrites();
        Assert.Equal(["append", "sync", "commit", "apply"], activity.Events.Select(each => each.Name));
        Assert.True(activity.IsStopped);
        Assert.Equal(ActivityStatusCode.Unset, activity.Status);
        Assert.Equal("kv/orders", activity.GetTagItem("liferaft.group"));
        Assert.Equal(bench.Pump.Node.AppliedIndex.Value, activity.GetTagItem("liferaft.index"));
        Assert.Equal(bench.Pump.Node.Term.Value, activity.GetTagItem("liferaft.term"));
    }

    [Fact]
    public void It_tells_of_a_refusal_and_of_a_machine_that_throws()
    {
        var bench = new PumpBench();
        bench.Follow();
        var refused = Propose(bench, 1);
        bench.CompleteAllWrites();
        Assert.True(refused.IsStopped);
        Assert.Equal((ActivityStatusCode.Error, nameof(Outcome.NotLeader)), (refused.Status, refused.GetTagItem("error.type")));

        var leader = new PumpBench();
        leader.Found();
        var failed = Propose(leader, 13);
        leader.CompleteAllWrites();
        Assert.Equal((ActivityStatusCode.Error, typeof(InvalidOperationException).FullName), (failed.Status, failed.GetTagItem("error.type")));
    }

    [Fact]
    public void It_is_not_left_behind_as_the_current_one()
    {
        using var outer = new Activity("outer").Start();
        using var activity = RaftActivities.StartProposal(GroupName.Parse("kv/orders"), "1@silo-a");
        Assert.Same(outer, Activity.Current);
        Assert.Equal(outer.TraceId, activity!.TraceId);
    }

    private static Activity Propose(PumpBench bench, byte command)
    {
        var activity = RaftActivities.StartProposal(GroupName.Parse("kv/orders"), "1@silo-a");
        bench.Pump.Post(new CommandArrived(new[] { command }, new RequestCaller { Activity = activity }, 0));
        return activity!;
    }
}
