using Xunit;

namespace LifeRaft.Tests;

/// <summary>Whether the silos' membership can lose a silo.</summary>
public sealed class MembershipVotersTests
{
    private static readonly string[] _three = ["a", "b", "c"];

    [Fact]
    public void Of_three_voters_one_may_go_when_all_are_there() =>
        Assert.All(_three, silo => Assert.False(Report(Voter("a"), Voter("b"), Voter("c"), Other("d")).IsMembershipCriticalWithout(silo)));

    [Fact]
    public void Of_three_voters_none_may_go_when_one_is_down_and_who_has_no_vote_may()
    {
        var report = Report(Voter("b"), Voter("c"), Other("d"));
        Assert.Equal([false, true, true], _three.Select(report.IsMembershipCriticalWithout));
        Assert.False(report.IsMembershipCriticalWithout("d"));
    }

    [Fact]
    public void A_voter_whose_silo_runs_and_that_takes_no_part_counts_as_down()
    {
        var report = Report(Voter("a") with { VotesOnMembership = false }, Voter("b"), Voter("c"));
        Assert.Equal([false, true, true], _three.Select(report.IsMembershipCriticalWithout));
    }

    [Fact]
    public void A_majority_that_is_lost_cannot_be_lost() =>
        Assert.False(Report(Voter("a"), Other("d")).IsMembershipCriticalWithout("a"));

    [Fact]
    public void A_membership_that_is_kept_elsewhere_depends_on_no_silo() =>
        Assert.False(Report(new SiloReport { Name = "a", Address = "x" }).IsMembershipCriticalWithout("a"));

    private static ClusterReport Report(params SiloReport[] silos) => new(DateTimeOffset.UnixEpoch, silos, []);

    private static SiloReport Voter(string name) => Other(name) with { VotesOnMembership = true };

    private static SiloReport Other(string name) => new() { Name = name, Address = "x", MembershipVoters = _three };
}
