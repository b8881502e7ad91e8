using LifeRaft.Protocol;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

/// <summary>
/// Sees to it that this silo's voter is a member of the group: founds the group, or asks to be admitted. What makes founding safe
/// without an operator:
/// <list type="bullet">
/// <item>A group is founded only when every voter of the configuration has answered, is blank, and is configured alike; and only by
/// the first of them by name. A single one that is down might know of a group.</item>
/// <item>A blank voter never takes part as what it was before: it votes for nobody until the leader, with a majority of the others, has
/// admitted it under a new id.</item>
/// <item>So when the majority has lost its disks, nobody leads, nobody is admitted and nothing is founded; it is said, and an operator
/// decides (<see cref="DisasterRecovery"/>).</item>
/// </list>
/// </summary>
internal sealed partial class VoterKeeper(Voter voter, GroupTimings timings, TimeProvider time, ILogger<VoterKeeper> logger)
{
    private static readonly TimeSpan _attentive = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _calm = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    /// <summary>More than the leader takes to answer, whatever it answers; see <see cref="Voter"/>.</summary>
    private static readonly TimeSpan _patienceForJoining = TimeSpan.FromSeconds(20);

    public async Task Run(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var pause = _attentive;
            try
            {
                pause = await Look(cancellationToken) ? _calm : _attentive;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
            {
                Say($"cannot be looked after: {failure.Message}");
            }

            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Returns whether there is nothing to do for a while.</summary>
    private async Task<bool> Look(CancellationToken cancellationToken)
    {
        var session = voter.Session;
        if (session.Ended.IsCompleted)
        {
            return await BeginAnew(session, cancellationToken);
        }

        var own = await voter.Look().WaitAsync(cancellationToken);
        if (own is { IsBlank: false, IsVoter: true, Leader.Length: > 0 })
        {
            Say("");
            return true;
        }

        var others = await LookAtOthers(cancellationToken);
        if (!own.IsBlank && own.IsVoter)
        {
            Say(WhyNobodyLeads(own, others));
        }
        else if (!own.IsBlank || others.Any(other => !other.Look.IsBlank))
        {
            await Join(own, others, cancellationToken);
        }
        else
        {
            await FoundIfAllAreBlank(others, cancellationToken);
        }

        return false;
    }

    /// <summary>The node was removed from its group: another disk has taken its place, or it is no longer to vote.</summary>
    private async Task<bool> BeginAnew(VoterSession session, CancellationToken cancellationToken)
    {
        if (await session.Ended == NodeEnd.Failed)
        {
            Say($"has failed: {session.Failure?.Message}");
            return true;
        }

        LogRemoved();
        await session.Forget(cancellationToken);
        await voter.Open(cancellationToken);
        return false;
    }

    private async Task<List<(string Silo, VoterLook Look)>> LookAtOthers(CancellationToken cancellationToken)
    {
        var looks = await Task.WhenAll(voter.Others.Values.Select(async other =>
        {
            var reply = await Ask(other, new VoterRequest(VoterOperation.Look), _patience, cancellationToken);
            return (other.Voter, Look: reply.Status == ReplyStatus.Done ? VoterLook.Decode(reply.Body) : null);
        }));
        return [.. looks.Where(look => look.Look is not null).Select(look => (look.Voter, look.Look!))];
    }

    private async Task FoundIfAllAreBlank(List<(string Silo, VoterLook Look)> others, CancellationToken cancellationToken)
    {
        if (others.Count < voter.Others.Count)
        {
            Say($"is blank, as are all that answer, and waits for {Missing(others)}: a group is founded only when all voters have answered");
            return;
        }

        if (others.FirstOrDefault(other => !other.Look.Configured.SequenceEqual(voter.Configured)) is { Silo: { } silo } different)
        {
            Say($"is blank, and founds nothing: its voters are {string.Join(", ", voter.Configured)}, and those of '{silo}' {string.Join(", ", different.Look.Configured)}. Configure all silos alike");
            return;
        }

        if (voter.Configured[0] != voter.Silo)
        {
            Say($"is blank, and waits for '{voter.Configured[0]}' to found the group");
            return;
        }

        var (group, founder) = (new GroupId(Guid.NewGuid()), new Member(new MemberId(Guid.NewGuid()), voter.Silo, voter.Silo));
        if (await voter.Session.Ask((node, now) => node.TryFound(group, founder, timings, now)).WaitAsync(cancellationToken))
        {
            LogFounded(group);
            Say("");
        }
    }

    private async Task Join(VoterLook own, List<(string Silo, VoterLook Look)> others, CancellationToken cancellationToken)
    {
        var knowing = others.Where(other => !other.Look.IsBlank).ToList();
        if (GroupsOf(own, others) is { Count: > 1 } groups)
        {
            Say($"cannot be admitted: there are {groups.Count} groups, {string.Join(" and ", groups)}. They never merge; end the one that is not wanted with 'liferaft recover --forget'");
            return;
        }

        if (knowing.Select(other => other.Look.Leader).FirstOrDefault(leader => leader.Length > 0 && voter.Others.ContainsKey(leader)) is not { } leader)
        {
            Say(WhyNobodyLeads(own, others));
            return;
        }

        var reply = await Ask(voter.Others[leader], new VoterRequest(VoterOperation.Join, new FieldWriter().Text(voter.Silo).Id(own.Identity.Member.Value).ToArray()), _patienceForJoining, cancellationToken);
        if (reply.Status == ReplyStatus.Done)
        {
            LogAdmitted(leader);
            Say("");
        }
        else
        {
            Say($"{(own.IsBlank ? "is blank" : "is not a voter yet")}, and '{leader}', which leads, does not admit it now: {(reply.Text.Length > 0 ? reply.Text : reply.Status)}");
        }
    }

    /// <summary>For whom a group without a leader waits, and what an operator can do about it.</summary>
    private string WhyNobodyLeads(VoterLook own, List<(string Silo, VoterLook Look)> others)
    {
        if (GroupsOf(own, others) is { Count: > 1 } groups)
        {
            return $"meets {groups.Count} groups, {string.Join(" and ", groups)}. They never merge; end the one that is not wanted with 'liferaft recover --forget'";
        }

        var members = own.IsBlank ? others.Where(other => !other.Look.IsBlank).MaxBy(other => other.Look.Last.Value).Look.Members : own.Members;
        var blank = others.Where(other => other.Look.IsBlank && members.Contains(other.Silo)).Select(other => other.Silo).Concat(own.IsBlank && members.Contains(voter.Silo) ? [voter.Silo] : []).ToList();
        var missing = Missing(others);
        var isLost = members.Count - blank.Count < Quorum.MajorityOf(members.Count);
        return $"knows no leader of the group of {string.Join(", ", members)}"
            + (missing.Length > 0 ? $"; not reached: {missing}" : "")
            + (blank.Count > 0 ? $"; blank: {string.Join(", ", blank.Order(StringComparer.Ordinal))}" : "")
            + (isLost ? ". The majority has lost its disks, so nobody can tell what was committed, and nothing is founded anew. Bring the disks back, or use 'liferaft recover' on one that is left" : "");
    }

    private static List<GroupId> GroupsOf(VoterLook own, List<(string Silo, VoterLook Look)> others) =>
        [.. others.Select(other => other.Look).Append(own).Where(look => !look.IsBlank).Select(look => look.Identity.Group).Distinct()];

    private string Missing(List<(string Silo, VoterLook Look)> others) => string.Join(", ", voter.Others.Values
        .Where(other => others.All(answered => answered.Silo != other.Voter))
        .OrderBy(other => other.Voter, StringComparer.Ordinal)
        .Select(other => $"'{other.Voter}' ({(other.Problem.Length > 0 ? other.Problem : "no answer")})"));

    private async Task<VoterReply> Ask(VoterConnection other, VoterRequest request, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await other.Ask(request, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new VoterReply(ReplyStatus.Lost, $"no answer within {Duration.Format(patience)}");
        }
    }

    private void Say(string problem)
    {
        if (problem.Length > 0 && problem != voter.Problem)
        {
            LogProblem(problem);
        }

        voter.Problem = problem;
    }
}
