using LifeRaft.Protocol;

namespace LifeRaft.Hosting.Tests;

/// <summary>Commands that come while leadership is handed over wait for whoever leads next, instead of being refused before there is one.</summary>
public sealed class HeldProposalsTests
{
    private static readonly byte[] _command = [1];

    private readonly PumpBench _bench = new();
    private readonly Member _me;
    private readonly Member _other;
    private readonly GroupId _group;

    public HeldProposalsTests()
    {
        (_me, _other, _group) = _bench.Follow();
        Arrives(new TimeoutNow(), term: 1);
        Arrives(new VoteResponse { Granted = true, RequestTerm = new Term(2) }, term: 2);
        Assert.Equal(RaftState.Leader, _bench.Pump.Node.State);
        _bench.Pump.Post(new NodeRequest((node, now) => node.TransferLeadership(_other.Id, new RequestCaller(), now)));
        _bench.CompleteAllWrites();
    }

    [Fact]
    public async Task They_are_told_who_leads_when_that_is_known()
    {
        var first = Propose();
        Arrives(new AppendResponse { Match = _bench.Pump.Node.Status().Last }, term: 2);
        Assert.IsType<TimeoutNow>(_bench.Sent[^1].Message);
        Arrives(new VoteRequest { LastIndex = _bench.Pump.Node.Status().Last, LastTerm = new Term(2), IsDeliberate = true }, term: 3);
        Assert.Equal(RaftState.Follower, _bench.Pump.Node.State);
        var second = Propose();
        Assert.False(first.IsCompleted || second.IsCompleted);
        Assert.Equal(2, _bench.Pump.Pending);

        Arrives(new HeartbeatRequest { Round = 1, Commit = LogIndex.Zero }, term: 3);
        foreach (var reply in new[] { await first, await second })
        {
            Assert.Equal((Outcome.NotLeader, GrainId.Parse(_other.Endpoint)), (reply.Outcome, reply.Leader));
        }

        Assert.Equal(0, _bench.Pump.Pending);
    }

    [Fact]
    public async Task They_are_taken_here_in_their_order_when_the_other_does_not_come()
    {
        var first = Propose();
        Elapse(GroupTimings.Default.ElectionMax / 2);
        Arrives(new HeartbeatResponse { Round = 1, Verified = default, Match = default }, term: 2); // It lives, and does not campaign.
        Elapse(GroupTimings.Default.ElectionMax / 2);
        var second = Propose();
        Arrives(new AppendResponse { Match = _bench.Pump.Node.Status().Last }, term: 2);
        Assert.Null(_bench.Pump.Failure);
        Assert.Equal((Outcome.Done, Outcome.Done), ((await first).Outcome, (await second).Outcome));
        Assert.Equal((1, 2), ((await first).Result.Span[0], (await second).Result.Span[0]));
    }

    [Fact]
    public async Task They_look_elsewhere_when_nobody_is_heard()
    {
        var command = Propose();
        Arrives(new AppendResponse { Match = _bench.Pump.Node.Status().Last }, term: 2);
        Arrives(new VoteRequest { LastIndex = _bench.Pump.Node.Status().Last, LastTerm = new Term(2), IsDeliberate = true }, term: 3);
        Elapse(GroupTimings.Default.ElectionMax);
        var reply = await command;
        Assert.Equal((Outcome.NotLeader, default), (reply.Outcome, reply.Leader));
    }

    [Fact]
    public async Task They_are_answered_when_the_node_ends()
    {
        var command = Propose();
        _bench.Pump.Post(new NodeRequest((node, now) => node.Stop(NodeEnd.Removed, now)));
        _bench.CompleteAllWrites();
        Assert.Equal(Outcome.Stopped, (await command).Outcome);
    }

    [Fact]
    public async Task They_are_answered_when_the_node_fails()
    {
        var command = Propose();
        _bench.Pump.Post(new NodeFailed("the disk is gone", new IOException()));
        _bench.CompleteAllWrites();
        Assert.Equal(Outcome.Stopped, (await command).Outcome);
    }

    private Task<Reply> Propose()
    {
        var caller = new RequestCaller();
        _bench.Pump.Post(new CommandArrived(_command, caller, 0));
        _bench.CompleteAllWrites();
        return caller.Reply;
    }

    private void Elapse(TimeSpan time)
    {
        _bench.Time.Advance(time);
        _bench.Pump.Wake();
        _bench.CompleteAllWrites();
    }

    private void Arrives(RaftMessage message, long term)
    {
        _bench.Pump.Post(new MessageArrived(_other.Endpoint, message with { Group = _group, From = _other.Id, To = _me.Id, Term = new Term(term) }));
        _bench.CompleteAllWrites();
    }
}
