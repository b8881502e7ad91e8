using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// The leader admits a voter. It may be the first time, or its disk was lost: then what that membership had promised is forgotten, and a
/// new one takes its place. Begun and not ended, it is taken up again when the voter asks again.
/// </summary>
/// <param name="session">The leader's node.</param>
/// <param name="configured">Who is to vote.</param>
/// <param name="joining">The connection to the voter.</param>
/// <param name="name">Its silo.</param>
internal sealed class VoterAdmission(VoterSession session, IReadOnlyList<string> configured, IVoterLink joining, string name)
{
    /// <param name="who">The membership that the voter has been told, if any.</param>
    /// <param name="cancellationToken">Gives up waiting; what was begun goes on.</param>
    public async Task<VoterReply> Run(MemberId who, CancellationToken cancellationToken)
    {
        var (state, leader, group, members) = await session.Ask((node, _) =>
            (node.State, node.Configuration.Find(node.Leader)?.Address ?? "", node.Identity.Group, node.Configuration)).WaitAsync(cancellationToken);
        if (state != RaftState.Leader)
        {
            return new VoterReply(ReplyStatus.NotLeader, leader);
        }

        if (members.Find(who) is { } known)
        {
            return members.Voters.Any(voter => voter.Id == who)
                ? new VoterReply(ReplyStatus.Done)
                : await Add(known, known.Replaces).WaitAsync(cancellationToken);
        }

        // Left behind by an admission whose disk was lost before it came to its end.
        if (members.Learners.FirstOrDefault(learner => learner.Address == name) is { } left)
        {
            var removed = await session.Change((node, caller, now) => node.RemoveMember(left.Id, caller, now)).WaitAsync(cancellationToken);
            return removed.Status == ReplyStatus.Done ? new VoterReply(ReplyStatus.NotNow, $"a former admission of '{name}' was taken back") : removed;
        }

        var member = new Member(new MemberId(Guid.NewGuid()), name, name);
        var told = await joining.Ask(new VoterRequest(VoterOperation.Admit, new FieldWriter().Id(group.Value).Id(member.Id.Value).ToArray()), cancellationToken);
        return told.Status == ReplyStatus.Done
            ? await Add(member, WhomToReplace(members)).WaitAsync(cancellationToken)
            : new VoterReply(ReplyStatus.NotNow, $"'{name}' could not be told its new membership: {told.Text}");
    }

    /// <summary>The voter's own former membership, or else that of a silo that is no longer to vote.</summary>
    private MemberId WhomToReplace(GroupConfiguration members) =>
        (members.Find(name) ?? members.Voters.FirstOrDefault(voter => !configured.Contains(voter.Address)))?.Id ?? MemberId.None;

    private Task<VoterReply> Add(Member member, MemberId replaced) => session.Change((node, caller, now) =>
    {
        if (replaced.IsNone)
        {
            node.AddMember(member with { BecomesVoter = false, Replaces = MemberId.None }, isVoter: true, caller, now);
        }
        else
        {
            node.ReplaceMember(replaced, member with { BecomesVoter = false, Replaces = MemberId.None }, caller, now);
        }
    });
}
