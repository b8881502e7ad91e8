using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Scenarios;

/// <summary>Several admit members at once and do not know of each other: the leader refuses who would be one too many.</summary>
public sealed class MostVotersTests
{
    [Fact]
    public void Of_two_who_want_the_last_place_the_second_is_refused()
    {
        var group = Founded("BC");
        var leader = group["A"];
        leader.Add(Given.Member("B"), "first", mostVoters: 2);
        leader.Add(Given.Member("C"), "second", mostVoters: 2);
        group.RunFor(500);
        Assert.Equal((Outcome.Done, Outcome.TooManyVoters), (leader.OutcomeOf("first"), leader.OutcomeOf("second")));
        Assert.Equal("AB", VotersOf(leader));
    }

    [Fact]
    public void One_that_has_not_caught_up_has_its_place_and_whoever_asks_for_it_again_waits_with_it()
    {
        var group = Founded("BC");
        var leader = group["A"];
        group.Isolate("B");
        leader.Add(Given.Member("B"), "first", mostVoters: 2);
        group.RunFor(500);
        leader.Add(Given.Member("C"), "other", mostVoters: 2);
        leader.Add(Given.Member("B"), "again", mostVoters: 2);
        Assert.Equal((Outcome.TooManyVoters, null), (leader.OutcomeOf("other"), leader.OutcomeOf("again")));
        group.Heal();
        group.RunFor(1_000);
        Assert.Equal((Outcome.Done, Outcome.Done), (leader.OutcomeOf("first"), leader.OutcomeOf("again")));
        Assert.Equal("AB", VotersOf(leader));
    }

    [Fact]
    public void One_that_cannot_catch_up_gives_its_place_to_another_and_only_to_one()
    {
        var group = Founded("CD");
        var leader = group["A"];
        leader.Add(Given.Member("B"), "dead", mostVoters: 2);
        group.RunFor(500);
        leader.Replace("B", Given.Member("C"), "first", mostVoters: 2);
        leader.Replace("B", Given.Member("D"), "second", mostVoters: 2);
        group.RunFor(1_000);
        leader.Replace("B", Given.Member("D"), "late", mostVoters: 2);
        group.RunFor(1_000);
        Assert.Equal((Outcome.Done, Outcome.TooManyVoters, Outcome.UnknownMember), (leader.OutcomeOf("first"), leader.OutcomeOf("second"), leader.OutcomeOf("late")));
        Assert.Equal("AC", VotersOf(leader));
        Assert.Empty(leader.Raft.Configuration.Learners);
    }

    [Fact]
    public void Learners_that_are_not_to_vote_take_no_place()
    {
        var group = Founded("BC");
        var leader = group["A"];
        leader.Add(Given.Member("B"), "learns", isVoter: false, mostVoters: 1);
        group.RunFor(500);
        leader.Add(Given.Member("B"), "votes", mostVoters: 1);
        leader.Add(Given.Member("C"), "other", mostVoters: 2);
        group.RunFor(500);
        Assert.Equal((Outcome.Done, Outcome.TooManyVoters, Outcome.Done), (leader.OutcomeOf("learns"), leader.OutcomeOf("votes"), leader.OutcomeOf("other")));
        Assert.Equal("AC", VotersOf(leader));
    }

    /// <summary>Voters in capitals, and learners with whom they replace: what is the most that comes of it, whoever is first.</summary>
    [Theory]
    [InlineData("ABC", "", 3)]
    [InlineData("ABC", "d-", 4)]
    [InlineData("ABC", "dC", 3)]
    [InlineData("ABC", "dC eC", 4)]
    [InlineData("ABC", "d- ed", 4)]
    [InlineData("ABC", "d- ed fd", 5)]
    [InlineData("ABC", "dC ed", 4)]
    [InlineData("ABC", "dX", 4)]
    public void The_most_voters_that_there_may_be(string voters, string learners, int most)
    {
        var configuration = learners.Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate(
            GroupConfiguration.None with { Voters = [.. voters.Select(voter => Given.Member($"{voter}"))] },
            (before, learner) => before.WithLearner(Given.Member($"{learner[0]}") with { BecomesVoter = true, Replaces = learner[1] == '-' ? MemberId.None : Given.Id($"{learner[1]}") }));
        Assert.Equal(most, configuration.MostVoters);
        Assert.True(Outcomes(configuration).Max() <= most, "Some order of their coming makes more.");
    }

    private static IEnumerable<int> Outcomes(GroupConfiguration configuration) => configuration.Learners.IsEmpty
        ? [configuration.Voters.Length]
        : configuration.Learners.SelectMany(learner => Outcomes(configuration.JointWithVoter(learner.Id).Final()));

    private static TestGroup Founded(string blanks)
    {
        var group = new TestGroup("A");
        group.Elect("A");
        foreach (var blank in blanks)
        {
            group.StartBlank($"{blank}");
        }

        group.RunFor(200);
        return group;
    }

    private static string VotersOf(TestNode node) => string.Concat(node.Raft.Configuration.Voters.Select(voter => voter.Address).Order(StringComparer.Ordinal));
}
