using LifeRaft.Tests.Locks;
using Xunit;

namespace LifeRaft.Tests.Elections;

/// <summary>Elections against one machine, and a clock that the test moves.</summary>
public sealed class LeaderElectionTests
{
    private readonly LockGroup _group = new();

    [Fact]
    public async Task The_first_to_campaign_leads_and_who_resigns_makes_room_for_the_next()
    {
        await using var locks = _group.Client();
        var election = new LeaderElection(locks, "scheduler");
        Assert.Null(await election.Leader());

        var first = await election.Campaign("host-a");
        var campaign = election.Campaign("host-b");
        await _group.Until(() => _group.Look("scheduler") is { WaiterCount: 1 });
        Assert.Equal(new ElectionLeader("host-a", first.FencingToken), await election.Leader());
        Assert.True(first.IsLeader);

        await first.Resign();
        var second = await campaign;
        Assert.False(first.IsLeader);
        Assert.False(first.Lost.IsCancellationRequested);
        Assert.True(second.FencingToken > first.FencingToken);
        Assert.Equal(new ElectionLeader("host-b", second.FencingToken), await election.Leader());
    }

    [Fact]
    public async Task A_candidate_that_stands_down_does_not_lead()
    {
        await using var locks = _group.Client();
        var election = new LeaderElection(locks, "scheduler");
        var leader = await election.Campaign("host-a");
        using var standDown = new CancellationTokenSource();
        var campaign = election.Campaign("host-b", standDown.Token);
        await _group.Until(() => _group.Look("scheduler") is { WaiterCount: 1 });
        await standDown.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => campaign);
        await _group.Until(() => _group.Look("scheduler") is { WaiterCount: 0 });
        Assert.True(leader.IsLeader);
    }

    [Fact]
    public async Task Observers_are_told_of_each_leader_and_of_none()
    {
        await using var locks = _group.Client();
        var election = new LeaderElection(locks, "scheduler");
        await using var seen = election.Observe(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        Assert.True(await seen.MoveNextAsync());
        Assert.Null(seen.Current);

        var next = seen.MoveNextAsync().AsTask();
        var first = await election.Campaign("host-a");
        Assert.True(await next);
        Assert.Equal(new ElectionLeader("host-a", first.FencingToken), seen.Current);

        next = seen.MoveNextAsync().AsTask();
        await first.Resign();
        Assert.True(await next);
        Assert.Null(seen.Current);

        next = seen.MoveNextAsync().AsTask();
        var second = await election.Campaign("host-b");
        Assert.True(await next);
        Assert.Equal(new ElectionLeader("host-b", second.FencingToken), seen.Current);
    }

    [Fact]
    public async Task Bad_input_is_refused_and_nobody_campaigns()
    {
        await using var locks = _group.Client();
        Assert.Throws<ArgumentNullException>(() => new LeaderElection(null!, "a"));
        Assert.Throws<ArgumentNullException>(() => new LeaderElection(locks, null!));
        Assert.Throws<InvalidRequestException>(() => new LeaderElection(locks, ""));
        Assert.Throws<InvalidRequestException>(() => new LeaderElection(locks, "a", TimeSpan.FromMilliseconds(999)));
        var election = new LeaderElection(locks, "a", TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<ArgumentNullException>(() => election.Campaign(null!));
        await Assert.ThrowsAsync<InvalidRequestException>(() => election.Campaign(new string('x', 1025)));
        await Assert.ThrowsAsync<InvalidRequestException>(() => election.Campaign("\ud800"));
        Assert.Equal(0, _group.Commands);
    }
}
