using LifeRaft.Simulation;

namespace LifeRaft.Simulation.Tests;

/// <summary>Histories whose verdict one can see by looking at them.</summary>
public sealed class LinearizabilityTests
{
    [Fact]
    public void A_read_sees_the_write_before_it() =>
        AssertGood("1 invoke write x 1", "1 ok write x 1", "2 invoke read x", "2 ok read x 1");

    [Fact]
    public void A_read_does_not_see_the_value_before_a_finished_write() =>
        AssertBad("1 invoke write x 1", "1 ok write x 1", "2 invoke read x", "2 ok read x null");

    [Fact]
    public void A_read_during_a_write_sees_either_value()
    {
        AssertGood("1 invoke write x 1", "2 invoke read x", "2 ok read x null", "1 ok write x 1");
        AssertGood("1 invoke write x 1", "2 invoke read x", "2 ok read x 1", "1 ok write x 1");
    }

    [Fact]
    public void Once_seen_a_value_is_not_unseen() => AssertBad(
        "1 invoke write x 1", "2 invoke read x", "2 ok read x 1", "3 invoke read x", "3 ok read x null", "1 ok write x 1");

    [Fact]
    public void A_failed_write_has_no_effect() =>
        AssertBad("1 invoke write x 1", "1 fail write x 1", "2 invoke read x", "2 ok read x 1");

    [Fact]
    public void A_write_of_unknown_outcome_may_take_effect_late_or_never()
    {
        AssertGood("1 invoke write x 1", "1 info write x 1", "2 invoke read x", "2 ok read x null", "2 invoke read x", "2 ok read x 1");
        AssertGood("1 invoke write x 1", "1 info write x 1", "2 invoke read x", "2 ok read x null");
        AssertGood("1 invoke write x 1", "2 invoke read x", "2 ok read x 1");
    }

    [Fact]
    public void A_write_of_unknown_outcome_takes_effect_once() => AssertBad(
        "1 invoke write x 1", "1 info write x 1", "2 invoke read x", "2 ok read x 1",
        "2 invoke write x 2", "2 ok write x 2", "2 invoke read x", "2 ok read x 1");

    [Fact]
    public void Only_one_of_two_swaps_of_the_same_value_succeeds()
    {
        AssertBad("1 invoke cas x null 1", "2 invoke cas x null 2", "1 ok cas x null 1", "2 ok cas x null 2");
        AssertGood("1 invoke cas x null 1", "2 invoke cas x 1 2", "2 ok cas x 1 2", "1 ok cas x null 1");
    }

    [Fact]
    public void A_lost_update_is_found() => AssertBad(
        "1 invoke write x 1", "1 ok write x 1", "1 invoke cas x 1 2", "2 invoke cas x 1 3", "1 ok cas x 1 2", "2 ok cas x 1 3", "1 invoke read x", "1 ok read x 3");

    [Fact]
    public void Two_readers_agree_on_the_order_of_two_writes() => AssertBad(
        "1 invoke write x 1", "2 invoke write x 2",
        "3 invoke read x", "3 ok read x 1", "3 invoke read x", "3 ok read x 2",
        "4 invoke read x", "4 ok read x 1", "1 ok write x 1", "2 ok write x 2");

    [Fact]
    public void Registers_are_independent() => AssertGood(
        "1 invoke write x 1", "1 ok write x 1", "2 invoke read y", "2 ok read y null");

    [Fact]
    public void The_same_value_may_be_written_twice() => AssertGood(
        "1 invoke write x 1", "1 ok write x 1", "1 invoke write x 2", "1 ok write x 2", "1 invoke write x 1", "2 invoke read x", "2 ok read x 1", "1 ok write x 1");

    [Fact]
    public void A_register_can_be_written_back_to_null() => AssertGood(
        "1 invoke write x 1", "1 ok write x 1", "1 invoke write x null", "1 ok write x null", "1 invoke read x", "1 ok read x null");

    [Fact]
    public void The_window_is_what_contradicts_itself_and_nothing_else()
    {
        var lines = new List<string>();
        for (var i = 1; i <= 20; i++)
        {
            lines.AddRange([$"1 invoke write x {i}", $"1 ok write x {i}", "2 invoke read x", $"2 ok read x {i}"]);
        }

        lines.AddRange(["2 invoke read x", "2 ok read x 19", "1 invoke write x 21", "1 ok write x 21"]);
        var verdict = Linearizability.Check(Histories.Short([.. lines]));

        Assert.Equal("x", verdict.Key);
        Assert.True(verdict.MayBeginAnyhow);
        Assert.Equal(["lines 79 to 80: process 2 read x -> 20", "lines 81 to 82: process 2 read x -> 19"], verdict.Window.Select(operation => operation.ToString()));
    }

    private static void AssertGood(params string[] lines) => Assert.True(Linearizability.Check(Histories.Short(lines)).IsLinearizable);

    private static void AssertBad(params string[] lines)
    {
        var verdict = Linearizability.Check(Histories.Short(lines));
        Assert.False(verdict.IsLinearizable);
        Assert.NotEmpty(verdict.Window);
    }
}
