using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>Groups that are declared instead of created.</summary>
internal sealed partial class RaftCoordinatorGrain
{
    public async Task<DeclaredGroup> Declare(int members)
    {
        var survey = await GrainFactory.GetGrain<IRaftLocator>(Group.ToString()).Locate();
        if (survey.Silent.Count > 0)
        {
            return DeclaredGroup.Unheard(survey);
        }

        if (SurveyedGroup.Among(survey.Nodes, Group) is { } existing)
        {
            return await Complete(existing, members);
        }

        var founded = await Founding(founder => founder.FoundDeclared(members));
        return founded.IsDeleted || founded.WaitsFor is not null ? founded : await Complete(await Leader(), members);
    }

    /// <summary>
    /// Who founded it may have been killed before all members were admitted. Whoever has fewer voters than declared for another reason
    /// gets the missing ones too: that is what the declaration says.
    /// </summary>
    private async Task<DeclaredGroup> Complete(NodeStatus existing, int members)
    {
        var missing = members - existing.Members.Count(member => member.IsVoter);
        if (missing <= 0)
        {
            return new DeclaredGroup(existing.Group, null);
        }

        var listed = existing.Members.Select(member => member.Address).ToList();
        var learners = existing.Members.Where(member => !member.IsVoter).ToLookup(member => silos.Find(NodeAddress.Parse(member.Address).Silo) is not null);
        var free = silos.Names.Except(listed.Select(address => NodeAddress.Parse(address).Silo), StringComparer.Ordinal);
        var begun = learners[true].Select(member => member.Address).Take(missing).ToList();
        var wanted = MemberChoice.Addresses(MemberChoice.Rank(Group, free), listed).Take(missing - begun.Count).ToList();
        if (begun.Count + wanted.Count < missing)
        {
            return new DeclaredGroup(existing.Group, $"{missing - begun.Count - wanted.Count} more silos: it has the members {string.Join(", ", listed)}, and is declared with {members}");
        }

        await AdmitAll(begun, wanted, new Queue<MemberStatus>(learners[false].Where(member => member.BecomesVoter)), members);
        var now = (await Leader()).Members;
        return now.Count(member => member.IsVoter) >= members
            ? new DeclaredGroup(existing.Group, null)
            : new DeclaredGroup(existing.Group, $"the votes of {string.Join(", ", now.Where(member => !member.IsVoter).Select(member => member.Address))}");
    }

    /// <summary>
    /// No more than are declared: others may be at it, too, who chose other silos, and what was given up as too slow may happen yet. So the
    /// leader refuses who would be one too many; and one that was admitted, and whose silo has gone before it voted, gives way. The leader
    /// is looked at before each, for a node that was given a membership and then refused keeps it for nothing.
    /// </summary>
    private async Task AdmitAll(IReadOnlyList<string> begun, IReadOnlyList<string> wanted, Queue<MemberStatus> gone, int members)
    {
        foreach (var address in begun)
        {
            await Admit(address, mostVoters: members);
        }

        foreach (var address in wanted)
        {
            if (gone.TryDequeue(out var lost))
            {
                await AdmitInPlaceOf(lost, address, await Leader(), members);
            }
            else if ((await Leader()).Members is var now && (now.Any(member => member.Address == address) || now.Count(member => member.IsVoter || member.BecomesVoter) < members))
            {
                await Admit(address, mostVoters: members);
            }
        }
    }
}
