namespace LifeRaft.Cli.Tests.Members;

public sealed class RemovalPlanTests
{
    [Fact]
    public void It_says_who_goes_and_what_is_left() => Assert.Equal(
        "3@silo-3 would be removed from kv/default and its data deleted; the group would have 2 voters and could lose no voter.",
        RemovalPlan.Of(Reports.Group(Reports.Healthy), "3@silo-3"));

    [Fact]
    public void It_says_when_the_leader_goes() => Assert.StartsWith("1@silo-1, which leads it, would", RemovalPlan.Of(Reports.Group(Reports.Healthy), "1@silo-1"), StringComparison.Ordinal);

    [Fact]
    public void It_says_when_the_rest_could_not_serve() => Assert.EndsWith("could not serve any more.", RemovalPlan.Of(Reports.Group(Reports.Degraded), "2@silo-2"), StringComparison.Ordinal);

    [Fact]
    public void It_says_when_there_is_no_such_member() => Assert.Contains("no member", RemovalPlan.Of(Reports.Group(Reports.Healthy), "9@silo-9"), StringComparison.Ordinal);
}
