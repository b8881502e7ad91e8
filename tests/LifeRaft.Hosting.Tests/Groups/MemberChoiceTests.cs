namespace LifeRaft.Hosting.Tests.Groups;

public sealed class MemberChoiceTests
{
    private static readonly string[] _silos = ["silo-a", "silo-b", "silo-c", "silo-d", "silo-e"];

    [Fact]
    public void The_choice_does_not_depend_on_the_order_in_which_silos_are_named()
    {
        var group = GroupName.Parse("kv/orders");
        Assert.Equal(MemberChoice.Rank(group, _silos), MemberChoice.Rank(group, _silos.Reverse()));
    }

    [Fact]
    public void A_silo_that_goes_changes_nothing_in_the_order_of_the_others()
    {
        var group = GroupName.Parse("kv/orders");
        var before = MemberChoice.Rank(group, _silos);
        Assert.Equal(before.Where(silo => silo != "silo-c"), MemberChoice.Rank(group, _silos.Where(silo => silo != "silo-c")));
    }

    [Fact]
    public void Members_and_first_leaders_of_many_groups_spread_over_all_silos()
    {
        var ranks = Enumerable.Range(0, 500).Select(number => MemberChoice.Rank(GroupName.Parse($"kv/{number}"), _silos)).ToList();
        Assert.All(_silos, silo => Assert.InRange(ranks.Count(rank => rank.Take(3).Contains(silo)), 250, 350));
        Assert.All(_silos, silo => Assert.InRange(ranks.Count(rank => rank[0] == silo), 70, 130));
    }

    [Fact]
    public void New_members_get_the_lowest_numbers_that_are_free()
    {
        Assert.Equal(["1@silo-c", "2@silo-a"], MemberChoice.Addresses(["silo-c", "silo-a"], []));
        Assert.Equal(["2@silo-c", "4@silo-a"], MemberChoice.Addresses(["silo-c", "silo-a"], ["1@silo-b", "3@silo-d"]));
    }
}
