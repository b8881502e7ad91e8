using LifeRaft.Protocol;

namespace LifeRaft.Cluster.Tests;

/// <summary>Members that replicate and do not vote, until they are let.</summary>
public sealed class LearnerTests(ThreeSilos silos) : IClassFixture<ThreeSilos>
{
    [Fact]
    public async Task A_learner_replicates_without_a_vote_and_becomes_a_voter_when_it_is_made_one()
    {
        var group = await silos.Cluster.Create("kv/learner", 0, 1);
        await new KeyValueStore(group).Put("key", "1"u8.ToArray(), TestContext.Current.CancellationToken);
        var added = await group.AddLearner("3@Silo_2", TestContext.Current.CancellationToken);
        Assert.True(added is { IsNew: true, Member.IsVoter: false });
        await silos.Cluster.AllApplied(group, 3);
        Assert.Equal([true, true, false], Voting(await group.Members(TestContext.Current.CancellationToken)));
        Assert.False((await group.AddLearner("3@Silo_2", TestContext.Current.CancellationToken)).IsNew);
        Assert.Equal(RaftState.Child, (await (await silos.Cluster.Node(group, 2)).Status()).State);

        Assert.True((await group.MakeVoter("3@Silo_2", TestContext.Current.CancellationToken)).Member.IsVoter);
        Assert.Equal([true, true, true], Voting(await group.Members(TestContext.Current.CancellationToken)));
        Assert.False((await group.MakeVoter("3@Silo_2", TestContext.Current.CancellationToken)).IsNew);
        var failure = await Assert.ThrowsAsync<MembershipException>(() => group.AddLearner("3@Silo_2", TestContext.Current.CancellationToken));
        Assert.Contains("is a voter of kv/learner already", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_else_is_made_a_voter_and_no_group_is_founded_by_a_learner()
    {
        var group = await silos.Cluster.Create("kv/stranger", 0, 1);
        var failure = await Assert.ThrowsAsync<MembershipException>(() => group.MakeVoter("3@Silo_2", TestContext.Current.CancellationToken));
        Assert.Contains("has no member 3@Silo_2", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<GroupNotFoundException>(() => silos.Cluster.Group("kv/none").AddLearner("3@Silo_2", TestContext.Current.CancellationToken));
    }

    private static IEnumerable<bool> Voting(IReadOnlyList<MemberStatus> members) => members.OrderBy(member => member.Address, StringComparer.Ordinal).Select(member => member.IsVoter);
}
