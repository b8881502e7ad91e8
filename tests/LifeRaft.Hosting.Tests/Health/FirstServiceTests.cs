using Microsoft.Extensions.Time.Testing;

namespace LifeRaft.Hosting.Tests.Health;

/// <summary>What a silo waits for once after each start.</summary>
public sealed class FirstServiceTests
{
    private static readonly NodeCondition _good = new(false, null);
    private static readonly NodeCondition _leaderless = new(true, "knows no leader");
    private static readonly NodeCondition _behind = new(false, "has not caught up with its leader yet");
    private readonly FakeTimeProvider _time = new();
    private readonly FirstService _first;

    public FirstServiceTests() => _first = new FirstService(_time);

    [Fact]
    public void A_silo_that_holds_nothing_and_declares_nothing_waits_for_nothing() => Assert.Null(_first.WaitsFor([]));

    [Fact]
    public void Each_node_has_to_serve_once_and_not_all_at_one_moment()
    {
        Assert.Equal("1 of 2 nodes have not served since the silo started. kv/b/1@s knows no leader.", WaitsFor(("kv/a", _good), ("kv/b", _leaderless)));
        Assert.Null(WaitsFor(("kv/a", _leaderless), ("kv/b", _good)));
    }

    [Fact]
    public void Once_over_it_never_begins_again()
    {
        Assert.Null(WaitsFor(("kv/a", _good)));
        Assert.Null(WaitsFor(("kv/a", _leaderless), ("kv/b", _behind)));
    }

    [Fact]
    public void A_group_without_a_leader_holds_a_silo_back_for_a_minute_only()
    {
        Assert.NotNull(WaitsFor(("kv/a", _good), ("kv/ill", _leaderless)));
        _time.Advance(FirstService.Patience - TimeSpan.FromTicks(1));
        Assert.NotNull(WaitsFor(("kv/a", _good), ("kv/ill", _leaderless)));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(WaitsFor(("kv/a", _good), ("kv/ill", _leaderless)));
    }

    [Fact]
    public void A_node_that_is_sent_what_it_missed_has_longer_than_one_without_a_leader()
    {
        Assert.NotNull(WaitsFor(("kv/large", _behind)));
        _time.Advance(FirstService.CatchUpPatience - TimeSpan.FromTicks(1));
        Assert.Equal("1 of 1 nodes have not served since the silo started. kv/large/1@s has not caught up with its leader yet.", WaitsFor(("kv/large", _behind)));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(WaitsFor(("kv/large", _behind)));
    }

    [Fact]
    public void Declared_groups_have_to_exist()
    {
        _first.Expect(GroupName.Parse("kv/b"));
        _first.Expect(GroupName.Parse("kv/a"));
        Assert.Equal("2 declared groups do not exist yet: kv/a, kv/b.", WaitsFor());
        _first.Settle(GroupName.Parse("kv/a"));
        Assert.Equal("1 declared groups do not exist yet: kv/b.", WaitsFor(("kv/a", _good)));
        _first.Settle(GroupName.Parse("kv/b"));
        Assert.Null(WaitsFor(("kv/a", _good)));
    }

    [Fact]
    public void A_declared_group_that_waits_for_other_silos_holds_this_one_back_for_a_minute_only()
    {
        _first.Expect(GroupName.Parse("kv/a"));
        Assert.NotNull(WaitsFor());
        _time.Advance(FirstService.Patience);
        Assert.Null(WaitsFor());
    }

    private string? WaitsFor(params (string Group, NodeCondition Condition)[] nodes) =>
        _first.WaitsFor([.. nodes.Select(node => (new NodeKey(GroupName.Parse(node.Group), NodeAddress.Parse("1@s")), node.Condition))]);
}
