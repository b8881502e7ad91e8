using LifeRaft.Protocol;

namespace LifeRaft.Hosting.Tests.Health;

/// <summary>What a node says of itself.</summary>
public sealed class NodeConditionTests
{
    private readonly PumpBench _bench = new();
    private long _round;

    [Fact]
    public async Task A_node_of_no_group_is_missed_by_none() => Assert.Equal(new NodeCondition(false, null, IsIdle: true), await Look());

    [Fact]
    public async Task A_node_that_was_admitted_and_never_got_an_entry_is_missed_by_none()
    {
        _bench.Pump.Post(new NodeRequest((node, now) => node.TryAdmit(new NodeIdentity(new GroupId(Guid.NewGuid()), new MemberId(Guid.NewGuid())), now)));
        _bench.CompleteAllWrites();
        Assert.Equal(new NodeCondition(false, null, IsIdle: true), await Look());
    }

    [Fact]
    public async Task A_leader_is_fit()
    {
        _bench.Found();
        Assert.Equal(new NodeCondition(false, null), await Look());
    }

    [Fact]
    public async Task A_follower_that_hears_its_leader_is_fit_and_one_that_does_not_is_unfit()
    {
        var (me, leader, group) = _bench.Follow();
        Heartbeat(me, leader, group, commit: 1);
        Assert.Equal(new NodeCondition(false, null), await Look());

        _bench.Time.Advance(GroupTimings.Default.ElectionMax);
        _bench.Pump.Wake();
        _bench.CompleteAllWrites();
        Assert.Equal(new NodeCondition(true, "knows no leader"), await Look());
    }

    [Fact]
    public async Task A_follower_that_has_not_what_its_leader_committed_lags()
    {
        var (me, leader, group) = _bench.Follow();
        Heartbeat(me, leader, group, commit: 1);
        for (var second = 0; second < 70; second++)
        {
            _bench.Time.Advance(TimeSpan.FromMilliseconds(100));
            Heartbeat(me, leader, group, commit: 100);
        }

        Assert.Equal(new NodeCondition(false, "lags: its state is 7 s old"), await Look());
    }

    [Fact]
    public async Task A_quiet_follower_does_not_lag_however_long_it_has_heard_nothing()
    {
        using var links = new Links.LinkBench();
        links.Know().Follow();
        for (var beat = 0; beat < 400; beat++)
        {
            links.Beat(links.Say());
        }

        var look = NodeCondition.Of(links.Node.Pump, links.Node.Time, TestContext.Current.CancellationToken);
        links.Node.Run();
        Assert.Equal(new NodeCondition(false, null), await look);
        Assert.True(links.Node.Pump.AgeOfState() > NodeCondition.Lag);
    }

    [Fact]
    public async Task A_follower_that_has_never_had_what_was_committed_is_behind()
    {
        var (me, leader, group) = _bench.Follow();
        Heartbeat(me, leader, group, commit: 100);
        Assert.Equal(new NodeCondition(false, "has not caught up with its leader yet"), await Look());
    }

    [Fact]
    public async Task A_node_that_has_failed_says_why()
    {
        _bench.Found();
        _bench.Propose(1);
        _bench.Run();
        _bench.CompleteWrite(new LogStoreException("the disk is gone"));
        Assert.Equal(new NodeCondition(true, "has failed: the disk is gone"), await Look());
    }

    [Fact]
    public async Task A_node_that_takes_no_turn_is_unfit_at_once_and_after_half_a_minute_reason_to_restart_the_process()
    {
        _bench.Found();
        Assert.Empty(LiveHealthCheck.Judge([_bench.Pump]).Data);

        var look = NodeCondition.Of(_bench.Pump, _bench.Time, TestContext.Current.CancellationToken);
        _bench.Time.Advance(NodeCondition.Patience);
        Assert.Equal(new NodeCondition(true, "took no turn within 2 s"), await look);
        Assert.Empty(LiveHealthCheck.Judge([_bench.Pump]).Data);

        _bench.Time.Advance(LiveHealthCheck.Patience);
        var judged = LiveHealthCheck.Judge([_bench.Pump]);
        Assert.Equal(Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy, judged.Status);
        Assert.Equal("has 1 inputs waiting for 32 s", judged.Data["me"]);

        _bench.CompleteAllWrites();
        Assert.Empty(LiveHealthCheck.Judge([_bench.Pump]).Data);
    }

    private async Task<NodeCondition> Look()
    {
        var look = NodeCondition.Of(_bench.Pump, _bench.Time, TestContext.Current.CancellationToken);
        _bench.Run();
        return await look;
    }

    private void Heartbeat(Member me, Member leader, GroupId group, long commit)
    {
        _bench.Pump.Post(new MessageArrived("leader", new HeartbeatRequest
        {
            Group = group,
            From = leader.Id,
            To = me.Id,
            Term = new Term(1),
            Commit = new LogIndex(commit),
            Round = ++_round,
        }));
        _bench.CompleteAllWrites();
    }
}
