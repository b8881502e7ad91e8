using System.Reflection;
using LifeRaft.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace LifeRaft.Hosting.Tests;

/// <summary>A question waits through everything that may happen to leaders, and ends when it is answered or not wanted.</summary>
public sealed class WaitingQueryTests
{
    private static readonly GrainId _grain = GrainId.Create("liferaft-node", "kv/x/1@silo-1");
    private readonly FakeTimeProvider _time = new();
    private readonly LeaderRouteTests.FakeNode _node = new();
    private readonly LeaderRoute _route;
    private readonly Queue<Func<Reply>> _answers = new();
    private Exception? _lost;

    public WaitingQueryTests()
    {
        var factory = DispatchProxy.Create<IGrainFactory, LeaderRouteTests.FakeGrains>();
        ((LeaderRouteTests.FakeGrains)(object)factory).Nodes = new() { [_grain] = _node };
        _route = new LeaderRoute(factory, GroupName.Parse("kv/x"), _time, Locate);
        _node.Answer = () => _answers.Dequeue()();
    }

    [Fact]
    public async Task It_waits_through_leaders_that_hold_it_in_vain_step_down_are_overloaded_or_vanish()
    {
        _answers.Enqueue(() => new Reply { Outcome = Outcome.Done, IsNotYet = true });
        _answers.Enqueue(() => new Reply { Outcome = Outcome.NotLeader });
        _answers.Enqueue(() => new Reply { Outcome = Outcome.Overloaded });
        _answers.Enqueue(() => throw new SiloUnavailableException("gone"));
        _answers.Enqueue(() => throw new NodeUnavailableException("down"));
        _answers.Enqueue(() => new Reply { Outcome = Outcome.Done, Result = new byte[] { 7 } });
        Assert.Equal(7, (await Patiently(Ask())).Span[0]);
        Assert.Empty(_answers);
    }

    [Fact]
    public async Task A_node_that_stands_still_is_given_up_and_the_next_one_asked()
    {
        var standsStill = true;
        _node.Answer = null;
        var asked = Ask();
        while (!asked.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Yield();
            if (standsStill && _node.Asked == 1 && _time.GetUtcNow() - _time.Start > 2 * WaitingQuery.Hold)
            {
                (standsStill, _node.Answer) = (false, () => new Reply { Outcome = Outcome.Done });
            }
        }

        await asked;
        Assert.True(_node.Asked > 1);
    }

    [Fact]
    public async Task It_waits_while_no_silo_can_be_asked()
    {
        _lost = new TimeoutException("no answer");
        var asked = Ask();
        while (_time.GetUtcNow() - _time.Start < 3 * _route.Timeout)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        Assert.False(asked.IsCompleted);
        _answers.Enqueue(() => new Reply { Outcome = Outcome.Done, Result = new byte[] { 7 } });
        _lost = null;
        Assert.Equal(7, (await Patiently(asked)).Span[0]);
    }

    [Fact]
    public async Task What_will_not_change_ends_it()
    {
        _answers.Enqueue(() => new Reply { Outcome = Outcome.Done, Error = "ArgumentException: no" });
        Assert.Equal("ArgumentException: no", (await Assert.ThrowsAsync<CommandFailedException>(Ask)).Message);
        _answers.Enqueue(() => new Reply { Outcome = Outcome.TooLarge, Error = "it has too many bytes" });
        Assert.Contains("it has too many bytes", (await Assert.ThrowsAsync<InvalidRequestException>(Ask)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_does_not_want_it_any_more_is_let_go()
    {
        using var cancel = new CancellationTokenSource();
        _node.Answer = null;
        var asked = WaitingQuery.Answer(_route, GroupName.Parse("kv/x"), default, _time, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    private Task<ReadOnlyMemory<byte>> Ask() => WaitingQuery.Answer(_route, GroupName.Parse("kv/x"), default, _time, TestContext.Current.CancellationToken);

    private async Task<T> Patiently<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Yield();
        }

        return await task;
    }

    private Task<GroupSurvey> Locate() => _lost is { } lost ? throw lost : Task.FromResult(new GroupSurvey([new NodeStatus
    {
        Address = "1@silo-1", State = RaftState.Follower, Term = new Term(1), Leader = "", Group = new GroupId(Guid.NewGuid()), Member = new MemberId(Guid.NewGuid()),
        Last = default, Commit = default, Applied = default,
        Members = [new MemberStatus("1@silo-1", new MemberId(Guid.NewGuid()), true, _grain)],
    }], []));
}
