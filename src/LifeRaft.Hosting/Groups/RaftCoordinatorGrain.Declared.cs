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
            return new DeclaredGroup(GroupId.None, $"an answer of {string.Join(", ", survey.Silent)}, which should run");
        }

        var existing = OneOf(survey.Nodes);
        return existing is null ? await FoundDeclared(members) : await Complete(existing, members);
    }

    private async Task<DeclaredGroup> FoundDeclared(int members)
    {
        var running = MemberChoice.Rank(Group, silos.Names);
        var notes = await Task.WhenAll(running.Select(silo => GrainFactory.GetGrain<IRaftSilo>(silo).Founded(Group.ToString()))).WaitAsync(options.Value.JoinTimeout, time);
        if (notes.FirstOrDefault(note => note.IsDeleted) is { } deleted)
        {
            return new DeclaredGroup(deleted.Group, null) { IsDeleted = true };
        }

        if (notes.FirstOrDefault(note => !note.Group.IsNone) is { } founded)
        {
            return new DeclaredGroup(founded.Group, $"the silos that hold it: it was founded as {founded.Group}, and none of {string.Join(", ", running)} has a node of it. Start them; if their disks are lost for good, create the group anew by hand");
        }

        if (running.Count < members)
        {
            return new DeclaredGroup(GroupId.None, $"{members} silos, for as many members; running are {string.Join(", ", running.Order(StringComparer.Ordinal))}");
        }

        var wanted = MemberChoice.Addresses(running.Take(members), []);
        RequireCreatable([.. wanted], null);
        await Found(wanted[0], null);
        return await AdmitAll(wanted, members);
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
        var begun = existing.Members.Where(member => !member.IsVoter && silos.Find(NodeAddress.Parse(member.Address).Silo) is not null).Select(member => member.Address);
        var free = silos.Names.Except(listed.Select(address => NodeAddress.Parse(address).Silo), StringComparer.Ordinal);
        var wanted = begun.Concat(MemberChoice.Addresses(MemberChoice.Rank(Group, free), listed)).Take(missing).ToList();
        return wanted.Count == missing
            ? await AdmitAll(wanted, members)
            : new DeclaredGroup(existing.Group, $"{missing - wanted.Count} more silos: it has the members {string.Join(", ", listed)}, and is declared with {members}");
    }

    /// <summary>
    /// Looks before each admission: one that was given up as too slow may have come to its end since, or one of another activation, of which
    /// there may be two while silos come. They may have chosen other silos, and the group would get more members than are declared.
    /// </summary>
    private async Task<DeclaredGroup> AdmitAll(IReadOnlyList<string> addresses, int members)
    {
        foreach (var address in addresses)
        {
            var leader = await Leader();
            var begun = leader.Members.Count(member => member.IsVoter || silos.Find(NodeAddress.Parse(member.Address).Silo) is not null);
            if (begun >= members && leader.Members.All(member => member.Address != address))
            {
                return new DeclaredGroup(leader.Group, $"{members} voters; it has the members {string.Join(", ", leader.Members.Select(member => member.Address))} already");
            }

            await Admit(address);
        }

        return new DeclaredGroup((await Leader()).Group, null);
    }
}
