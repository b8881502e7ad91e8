using System.Collections.Immutable;

namespace LifeRaft.Protocol;

/// <summary>One member of a group.</summary>
/// <param name="Id">This membership.</param>
/// <param name="Address">The name of the node within its group, for instance <c>1@silo-a</c>.</param>
/// <param name="Endpoint">Where the host finds the node. The protocol carries it and never looks inside.</param>
/// <param name="BecomesVoter">For a learner: whether the leader makes it a voter as soon as it has caught up.</param>
/// <param name="Replaces">For such a learner: the member that leaves in the same step, or <see cref="MemberId.None"/>.</param>
public sealed record Member(MemberId Id, string Address, string Endpoint, bool BecomesVoter = false, MemberId Replaces = default)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Address} ({Id})";
}

/// <summary>
/// Who belongs to a group, and at which pace it runs. Voters change by joint consensus (Raft paper, 6): while
/// <see cref="Outgoing"/> is not empty, every decision needs a majority of both <see cref="Voters"/> and <see cref="Outgoing"/>.
/// </summary>
public sealed record GroupConfiguration(
    ImmutableArray<Member> Voters,
    ImmutableArray<Member> Outgoing,
    ImmutableArray<Member> Learners,
    ImmutableArray<MemberId> Removed,
    GroupTimings Timings)
{
    /// <summary>How many removed memberships are remembered; the oldest is forgotten first.</summary>
    public const int MaximumRemoved = 256;

    /// <summary>The configuration of a node that knows none.</summary>
    public static GroupConfiguration None { get; } = new([], [], [], [], GroupTimings.Default);

    /// <summary>Whether two majorities are needed.</summary>
    public bool IsJoint => !Outgoing.IsEmpty;

    /// <summary>Everybody to whom the log is replicated, each once: voters, outgoing voters, learners.</summary>
    public IEnumerable<Member> Everyone => Voters.Concat(Outgoing.Where(member => !IsIn(Voters, member.Id))).Concat(Learners);

    /// <summary>
    /// How many voters the group has at most when its learners that are to vote do so. One that replaces a member counts for nothing where
    /// that member surely goes with its coming: a voter does, and so does a learner that is to vote and itself replaces nobody. For all
    /// others it depends on who comes first.
    /// </summary>
    public int MostVoters
    {
        get
        {
            var coming = Learners.Where(learner => learner.BecomesVoter).ToList();
            var surelyGoing = coming.Select(learner => learner.Replaces).Distinct()
                .Count(going => IsIn(Voters, going) || coming.Exists(other => other.Id == going && other.Replaces.IsNone));
            return Voters.Length + coming.Count - surelyGoing;
        }
    }

    /// <summary>The configuration with which a group is founded: one voter.</summary>
    public static GroupConfiguration Founding(Member founder, GroupTimings timings) => new([founder], [], [], [], timings);

    /// <summary>Whether the member's vote counts, in the new majority or in the old one.</summary>
    public bool IsVoter(MemberId id) => IsIn(Voters, id) || IsIn(Outgoing, id);

    /// <summary>Whether the log is replicated to the member.</summary>
    public bool Contains(MemberId id) => IsVoter(id) || IsIn(Learners, id);

    /// <summary>The member of that id, or null.</summary>
    public Member? Find(MemberId id) => Everyone.FirstOrDefault(member => member.Id == id);

    /// <summary>The member of that address, or null.</summary>
    public Member? Find(string address) => Everyone.FirstOrDefault(member => member.Address == address);

    /// <summary>The configuration in which the learner is replicated to and does not count.</summary>
    public GroupConfiguration WithLearner(Member learner) => this with { Learners = Learners.Add(learner) };

    /// <summary>The configuration in which that learner becomes a voter once it has caught up, and takes the place of another.</summary>
    public GroupConfiguration WithLearnerWish(MemberId id, MemberId replaces) => this with
    {
        Learners = [.. Learners.Select(member => member.Id == id ? member with { BecomesVoter = true, Replaces = replaces } : member)],
    };

    /// <summary>The joint configuration on the way to one in which the learner votes, and the one that it replaces is gone.</summary>
    public GroupConfiguration JointWithVoter(MemberId learner)
    {
        var member = Learners.First(member => member.Id == learner);
        var learners = Without(Learners, learner);
        return this with
        {
            Outgoing = Voters,
            Voters = Without(Voters, member.Replaces).Add(member with { BecomesVoter = false, Replaces = MemberId.None }),
            Learners = Without(learners, member.Replaces),
            Removed = IsIn(learners, member.Replaces) ? Remember(Removed, member.Replaces) : Removed,
        };
    }

    /// <summary>The configuration without that learner, or the joint one on the way to one without that voter.</summary>
    public GroupConfiguration WithoutMember(MemberId id) => IsIn(Voters, id)
        ? this with { Outgoing = Voters, Voters = Without(Voters, id) }
        : this with { Learners = Without(Learners, id), Removed = Remember(Removed, id) };

    /// <summary>The configuration that follows a joint one: the new majority alone decides.</summary>
    public GroupConfiguration Final() => this with
    {
        Outgoing = [],
        Removed = Outgoing.Where(member => !IsIn(Voters, member.Id)).Aggregate(Removed, (removed, member) => Remember(removed, member.Id)),
    };

    /// <inheritdoc/>
    public override string ToString() =>
        $"voters [{string.Join(", ", Voters)}]"
        + (IsJoint ? $", outgoing [{string.Join(", ", Outgoing)}]" : "")
        + (Learners.IsEmpty ? "" : $", learners [{string.Join(", ", Learners)}]");

    private static bool IsIn(ImmutableArray<Member> members, MemberId id)
    {
        foreach (var member in members)
        {
            if (member.Id == id)
            {
                return true;
            }
        }

        return false;
    }

    private static ImmutableArray<Member> Without(ImmutableArray<Member> members, MemberId id) => [.. members.Where(member => member.Id != id)];

    private static ImmutableArray<MemberId> Remember(ImmutableArray<MemberId> removed, MemberId id) =>
        removed.Length < MaximumRemoved ? removed.Add(id) : removed.RemoveAt(0).Add(id);
}
