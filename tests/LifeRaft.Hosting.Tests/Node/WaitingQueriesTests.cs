using LifeRaft.Protocol;

namespace LifeRaft.Hosting.Tests;

/// <summary>A question waits at the leader until the machine has an answer, and never longer than the leader leads.</summary>
public sealed class WaitingQueriesTests
{
    private readonly PumpBench _bench = new(new TimedMachine());

    [Fact]
    public async Task It_is_answered_at_once_or_when_something_was_applied()
    {
        _bench.Found();
        var first = Ask(1);
        var second = Ask(2);
        Assert.False(first.IsCompleted);
        _bench.Propose(1);
        _bench.CompleteAllWrites();
        Assert.Equal(1, (await first).Result.Span[0]);
        Assert.False(second.IsCompleted);
        Assert.Equal(1, (await Ask(1)).Result.Span[0]);
        Assert.Equal(1, _bench.Pump.Waiting);
    }

    [Fact]
    public async Task What_the_machine_throws_is_the_answer()
    {
        _bench.Found();
        Assert.Equal("InvalidOperationException: thirteen is not answered", (await Ask(13)).Error);
    }

    [Fact]
    public async Task A_machine_that_cannot_wait_says_so()
    {
        var bench = new PumpBench();
        bench.Found();
        var caller = new WaitingCaller(new byte[] { 1 });
        bench.Pump.Await(caller);
        bench.Run();
        Assert.Equal("CountingMachine is no IWaitingStateMachine: it cannot be waited for. Query it.", (await caller.Reply).Error);
    }

    [Fact]
    public async Task Who_does_not_lead_says_so()
    {
        _bench.Follow();
        Assert.Equal(Outcome.NotLeader, (await Ask(1)).Outcome);
    }

    [Fact]
    public async Task When_leadership_ends_nobody_is_left_waiting()
    {
        _bench.Found();
        var waiting = Ask(1);
        _bench.Pump.Post(new NodeRequest((node, now) => node.Stop(NodeEnd.Removed, now)));
        _bench.CompleteAllWrites();
        Assert.Equal(Outcome.Stopped, (await waiting).Outcome);
        Assert.Equal(Outcome.Stopped, (await Ask(1)).Outcome);
    }

    [Fact]
    public async Task When_the_node_fails_nobody_is_left_waiting()
    {
        _bench.Found();
        var waiting = Ask(1);
        _bench.Pump.Post(new NodeFailed("the disk is gone", new IOException()));
        _bench.Run();
        Assert.Equal(Outcome.Stopped, (await waiting).Outcome);
    }

    [Fact]
    public void Who_is_withdrawn_is_not_asked_again()
    {
        _bench.Found();
        var caller = new WaitingCaller(new byte[] { 1 });
        _bench.Pump.Await(caller);
        _bench.Pump.Withdraw(caller);
        _bench.Propose(1);
        _bench.CompleteAllWrites();
        Assert.False(caller.Reply.IsCompleted);
        Assert.Equal(0, _bench.Pump.Waiting);
    }

    private Task<Reply> Ask(byte question)
    {
        var caller = new WaitingCaller(new[] { question });
        _bench.Pump.Await(caller);
        _bench.Run();
        return caller.Reply;
    }
}
